import type { PublishedEvent } from '../../shared/conversations/published-event.ts';
import { signedHeaders } from './sign.ts';

/** Standard Webhooks asks for 15 to 30 seconds. */
const timeoutMs = 15_000;

/**
 * - `taken`: a 2xx.
 * - `gone`: a 410, by which the endpoint says that it wants no more.
 * - `failed`: any other answer, redirects among them, or none. A 4xx too may pass: a deploy, a secret set wrong.
 */
export type Posted =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'failed'; readonly why: string; readonly retryAfter: string | null };

/** Posts one event to the owner's endpoint, signed. It does not throw for anything that the endpoint does. */
export async function postEvent(
  event: PublishedEvent,
  { url, secrets }: { readonly url: string; readonly secrets: readonly string[] },
): Promise<Posted> {
  const body = JSON.stringify(event);
  const signed = signedHeaders({ id: event.id, body, atMs: Date.now() }, secrets);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'instagram-message-gateway',
        ...signed,
      },
      body,
      // A redirect would carry a signed event to whatever address somebody put there.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Its answer is of no use, and may be endless.
    await response.body?.cancel();
    if (response.ok) return { outcome: 'taken' };
    if (response.status === 410) return { outcome: 'gone' };
    return {
      outcome: 'failed',
      why: `status ${response.status}`,
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { outcome: 'failed', why: isLate ? 'no answer in time' : 'no connection', retryAfter: null };
  }
}
