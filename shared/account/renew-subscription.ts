import * as z from 'zod/mini';
import { type GraphCaller, graph } from '../instagram/graph-client.ts';
import { GraphNoAnswerError } from '../instagram/graph-errors.ts';

const granted = z.object({ success: z.literal(true) });
const timeoutMs = 8_000;

/**
 * Has Meta deliver the account's webhooks to the token's app again. Instagram login keeps the fields; with Facebook
 * login any field of the Page will do.
 * https://developers.facebook.com/docs/instagram-platform/webhooks#enable-subscriptions
 * @throws GraphError, GraphNotReachedError, GraphNoAnswerError
 */
export async function renewSubscription(caller: GraphCaller, fields: readonly string[]): Promise<void> {
  const answer = await graph.post(caller, {
    path: '/me/subscribed_apps',
    query: { subscribed_fields: fields.join(',') },
    body: {},
    timeoutMs,
  });
  if (!granted.safeParse(answer).success) {
    throw new GraphNoAnswerError('Meta did not answer that it subscribed');
  }
}
