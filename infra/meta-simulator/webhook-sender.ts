import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** Meta gives up on a webhook call after this long. */
const answerTimeoutMs = 20_000;

/** Meta's waits between tries span 36 hours; these are the same idea in fast time. */
const retryWaitsMs: readonly number[] = [100, 400, 1600, 6400];

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * JSON text with every UTF-16 unit above ASCII written as `\u` and four lowercase hex digits, which is the
 * form Meta signs and sends. Non-ASCII occurs in JSON only inside strings, so the value stays the same.
 */
export function escapeNonAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The value of `X-Hub-Signature-256` for exactly these bytes. */
export function signBytes(bytes: Uint8Array, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(bytes).digest('hex')}`;
}

/** Escapes, signs and posts a delivery once. Rejects when nobody answers within 20 s. */
export async function postWebhook(
  callbackUrl: string,
  json: string,
  appSecret: string,
  signal?: AbortSignal,
): Promise<WebhookAnswer> {
  const bytes = new TextEncoder().encode(escapeNonAscii(json));
  const timeout = AbortSignal.timeout(answerTimeoutMs);
  const response = await fetch(callbackUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signBytes(bytes, appSecret) },
    body: bytes,
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  return read(response);
}

/** Asks a callback URL to prove that it knows the verify token, as saving the webhook in the dashboard does. */
export async function verifyCallback(
  callbackUrl: string,
  verifyToken: string,
  challenge: string,
): Promise<WebhookAnswer> {
  const url = new URL(callbackUrl);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  const signal = AbortSignal.timeout(answerTimeoutMs);
  return read(await fetch(url, { redirect: 'manual', signal }));
}

async function read(response: Response): Promise<WebhookAnswer> {
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

/** Posts until a 200, a few times at most. Never rejects: an event nobody takes is dropped, as Meta drops it. */
export async function postWebhookWithRetries(
  callbackUrl: string,
  json: string,
  appSecret: string,
  signal: AbortSignal,
): Promise<void> {
  for (const waitMs of [0, ...retryWaitsMs]) {
    try {
      if (waitMs > 0) await delay(waitMs, undefined, { signal });
      const { status } = await postWebhook(callbackUrl, json, appSecret, signal);
      if (status === 200) return;
    } catch {
      if (signal.aborted) return;
    }
  }
}
