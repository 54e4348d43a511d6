import type { WebhookReadings } from './webhook-readings.ts';
import { verifyCallback, type WebhookAnswer } from './webhook-sender.ts';

/** What "Verify and save" in the App Dashboard found out. */
export type Handshake =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly failed: 'unreachable' | 'redirect' | 'status' | 'html' | 'content_type' | 'body';
      /** For people. */
      readonly why: string;
    };

/**
 * Asks the callback URL for the challenge. Never rejects: an address that nobody answers at is a finding too.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export async function shakeHands(
  callbackUrl: string,
  verifyToken: string,
  challenge: string,
  readings: Pick<WebhookReadings, 'challengeContentType'>,
): Promise<Handshake> {
  let answer: WebhookAnswer;
  try {
    answer = await verifyCallback(callbackUrl, verifyToken, challenge);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, failed: 'unreachable', why: `Nobody answers at ${callbackUrl}: ${reason}` };
  }
  return check(answer, challenge, readings);
}

function check(
  { status, contentType, body, location }: WebhookAnswer,
  challenge: string,
  { challengeContentType }: Pick<WebhookReadings, 'challengeContentType'>,
): Handshake {
  if (status >= 300 && status < 400) {
    return { ok: false, failed: 'redirect', why: `It redirects (${status}) to ${location ?? 'nowhere'}.` };
  }
  if (status !== 200) return { ok: false, failed: 'status', why: `It answered ${status}, not 200.` };
  if (contentType.startsWith('text/html') || /^\s*</.test(body)) {
    return { ok: false, failed: 'html', why: 'It answered a page of HTML, not the challenge.' };
  }
  if (challengeContentType === 'plain_text' && !contentType.startsWith('text/plain')) {
    return { ok: false, failed: 'content_type', why: `It answered ${contentType || 'no content type'}.` };
  }
  if (body === challenge) return { ok: true };
  return { ok: false, failed: 'body', why: `It answered 200, but not the challenge ${challenge}.` };
}
