import { WrongUsage } from '../command.ts';

/**
 * A public address without the webhook's path. Throws WrongUsage for one that Meta does not take; plain http
 * passes on this machine alone, where a simulated Meta may stand.
 */
export function parsePublicUrl(text: string): string {
  const url = URL.parse(text);
  const isLoopback = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback)) {
    throw new WrongUsage(`--public-url takes an address that begins with https://, not "${text}".`);
  }
  if (url.search || url.hash || url.username) {
    throw new WrongUsage('--public-url takes an address without a query, a fragment or a user.');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api\/webhook$/, '');
}
