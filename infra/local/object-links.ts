import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { presignedLink } from '../../shared/runtime/presigned-link.ts';
import { localCredentials, region } from './identities.ts';

/** An answer of S3's own, in its words. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const maxExpirySeconds = 7 * 24 * 60 * 60;

/**
 * Checks a presigned request as S3 does: that it is signed with these headers, and that its time is not over. The
 * host is the one of the endpoint, whatever a tunnel made of it.
 * @throws S3Error 403.
 */
export function checkLink(
  {
    method,
    target,
    headers,
  }: { method: 'GET' | 'PUT' | 'DELETE'; target: string; headers: IncomingHttpHeaders },
  endpoint: string,
  nowMs: number,
): void {
  const url = new URL(target, endpoint);
  const given = (name: string) => url.searchParams.get(name) ?? '';
  const signature = given('X-Amz-Signature');
  if (signature === '') throw new S3Error(403, 'AccessDenied', 'Access Denied');
  const atMs = Date.parse(
    given('X-Amz-Date').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const expiresInSeconds = Number(given('X-Amz-Expires'));
  if (Number.isNaN(atMs) || !(expiresInSeconds > 0 && expiresInSeconds <= maxExpirySeconds)) {
    throw new S3Error(400, 'AuthorizationQueryParametersError', 'X-Amz-Date or X-Amz-Expires is no time.');
  }
  if (nowMs > atMs + expiresInSeconds * 1000) throw new S3Error(403, 'AccessDenied', 'Request has expired');
  const names = given('X-Amz-SignedHeaders')
    .split(';')
    .filter((name) => name !== 'host');
  const link = presignedLink(
    {
      method,
      url: `${endpoint}${url.pathname}`,
      headers: Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')])),
      expiresInSeconds,
      atMs,
      region,
    },
    localCredentials,
  );
  const expected = new URL(link).searchParams.get('X-Amz-Signature') ?? '';
  const isEqual =
    signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  if (!isEqual) {
    throw new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
}
