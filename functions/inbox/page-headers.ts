import { uploadsOrigin } from '../../shared/sending/upload-store.ts';

/**
 * What the browser may do with the page: nothing inline runs, nothing is sent elsewhere than to this API and to the
 * bucket for uploads, and no other site frames it. Customers send pictures from Meta's many hosts. Where the page
 * itself came by plain http, which it never does on AWS, so may pictures.
 */
export function pageHeaders(isHttps: boolean): Readonly<Record<string, string>> {
  const media = isHttps ? 'https:' : 'https: http:';
  const uploads = uploadsOrigin();
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${uploads ? ` ${uploads}` : ''}`,
    `img-src 'self' blob: data: ${media}`,
    `media-src 'self' blob: data: ${media}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...(isHttps && { 'strict-transport-security': 'max-age=31536000' }),
  };
}
