import { newOwnChallenge } from './own-challenge.ts';

/** What asking a callback URL for the handshake showed. */
export type CallbackProbe =
  | { readonly result: 'ok' }
  | {
      readonly result: 'unreachable';
      readonly cause: 'dns' | 'connection' | 'tls' | 'timeout';
      readonly why: string;
    }
  /** `location` without its query. */
  | { readonly result: 'redirect'; readonly status: number; readonly location?: string }
  | { readonly result: 'html'; readonly status: number }
  | { readonly result: 'wrong_answer'; readonly status: number; readonly why: string };

const path = '/api/webhook';
const maxBodyBytes = 64 * 1024;

/** The callback URL at a public address, which may be given with or without the webhook's path. */
export function callbackUrlAt(publicUrl: string): string {
  const base = publicUrl.replace(/\/+$/, '');
  return base.endsWith(path) ? base : `${base}${path}`;
}

/**
 * Makes Meta's handshake with a callback URL, as "Verify and save" in the App Dashboard does. Never rejects:
 * an address that nobody answers at is a finding too.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 *
 * @param challenge one of `newOwnChallenge`, for whoever looks for it among what the gateway noticed.
 */
export async function probeCallback(
  callbackUrl: string,
  verifyToken: string,
  timeoutMs: number,
  challenge = newOwnChallenge(),
): Promise<CallbackProbe> {
  const url = new URL(callbackUrl);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return judge(response, await readText(response), challenge);
  } catch (error) {
    return unreachable(error, timeoutMs);
  }
}

function judge({ status, headers }: Response, body: string, challenge: string): CallbackProbe {
  if (status >= 300 && status < 400) return redirect(status, headers.get('location'));
  const isHtml = headers.get('content-type')?.startsWith('text/html') || /^\s*<(!doctype|html)/i.test(body);
  if (isHtml) return { result: 'html', status };
  if (status === 200 && body === challenge) return { result: 'ok' };
  return { result: 'wrong_answer', status, why: whyWrong(status, body, challenge) };
}

function redirect(status: number, to: string | null): CallbackProbe {
  const location = to === null ? undefined : to.split(/[?#]/)[0];
  return { result: 'redirect', status, ...(location !== undefined && { location }) };
}

function whyWrong(status: number, body: string, challenge: string): string {
  if (status === 200) {
    if (body.trim() === `"${challenge}"`) return 'it answered the challenge in quotes; Meta wants it bare';
    if (body.trim() === challenge) return 'it answered the challenge with blanks or line breaks around it';
    return 'it answered 200, but not the challenge';
  }
  switch (status) {
    case 403:
      return 'it answered 403: it has another verify token, or forbids the address';
    case 404:
      return 'it answered 404: there is no webhook at this path';
    case 503:
      return 'it answered 503: it is not connected yet';
    default:
      return `it answered ${status}`;
  }
}

/** As much as a handshake can need; the rest is not waited for. */
async function readText(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBodyBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreachable(error: unknown, timeoutMs: number): CallbackProbe {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { result: 'unreachable', cause: 'timeout', why: `nobody answered within ${timeoutMs} ms` };
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { result: 'unreachable', cause: 'dns', why: `its name is not known to DNS (${code})` };
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) {
    return { result: 'unreachable', cause: 'tls', why: `its certificate or TLS is not accepted (${code})` };
  }
  return { result: 'unreachable', cause: 'connection', why: `no connection could be made (${code})` };
}
