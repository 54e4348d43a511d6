import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sessionMs } from '../sessions.ts';

/**
 * Whether the browser came by https, as the gateway in front says. It always did on AWS; on this machine it did
 * not, and a browser may refuse a `Secure` cookie there.
 */
export const isHttps = (event: APIGatewayProxyEventV2) => event.headers['x-forwarded-proto'] !== 'http';

/** With the prefix no neighbouring host can set it. https://www.rfc-editor.org/rfc/rfc6265#section-8.6 */
const nameFor = (event: APIGatewayProxyEventV2) => (isHttps(event) ? '__Host-session' : 'session');

const tokenPattern = /^[\w-]{43}$/;

/** The session's token that the browser sent, if it can be one. */
export function tokenFrom(event: APIGatewayProxyEventV2): string | undefined {
  const start = `${nameFor(event)}=`;
  const cookie = event.cookies?.find((each) => each.startsWith(start));
  const token = cookie?.slice(start.length);
  return token !== undefined && tokenPattern.test(token) ? token : undefined;
}

/** Keeps the token where no script reads it, and whence no other site's page can send it. */
export function cookieWith(event: APIGatewayProxyEventV2, token: string): string {
  return cookie(event, token, sessionMs / 1000);
}

export const cookieWithout = (event: APIGatewayProxyEventV2) => cookie(event, '', 0);

function cookie(event: APIGatewayProxyEventV2, value: string, maxAgeSeconds: number): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeSeconds}`];
  if (isHttps(event)) attributes.push('Secure');
  return [`${nameFor(event)}=${value}`, ...attributes].join('; ');
}

/**
 * Whether a page of another origin made this request. `SameSite` lets through what runs under the same host on
 * another port, or under a sister domain.
 */
export function isFromElsewhere(event: APIGatewayProxyEventV2): boolean {
  const { 'sec-fetch-site': site, origin, host } = event.headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
