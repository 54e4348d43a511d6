import { createHmac } from 'node:crypto';
import { type WebhookAnswer, WebhookConnections } from './webhook-connections.ts';

export type { WebhookAnswer } from './webhook-connections.ts';

/** Meta gives up on a webhook call after this long. */
export const answerTimeoutMs = 20_000;

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

/** The value of the older `X-Hub-Signature`. */
export function signBytesWithSha1(bytes: Uint8Array, appSecret: string): string {
  return `sha1=${createHmac('sha1', appSecret).update(bytes).digest('hex')}`;
}

/** Posts a delivery once, over a connection of its own. Rejects when nobody answers within 20 s. */
export async function postWebhook(
  callbackUrl: string,
  json: string,
  appSecret: string,
): Promise<WebhookAnswer> {
  const body = Buffer.from(escapeNonAscii(json), 'latin1');
  return once(callbackUrl, 'POST', {
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signBytes(body, appSecret) },
  });
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
  return once(url.href, 'GET', {});
}

async function once(
  url: string,
  method: 'GET' | 'POST',
  content: { readonly body?: Buffer; readonly headers?: Readonly<Record<string, string>> },
): Promise<WebhookAnswer> {
  const connections = new WebhookConnections(1);
  try {
    return await connections.call({ method, url, deadlineMs: answerTimeoutMs, ...content });
  } finally {
    connections.close();
  }
}
