import * as z from 'zod/mini';
import { graph } from '../../shared/instagram/graph-client.ts';
import { GraphNoAnswerError } from '../../shared/instagram/graph-errors.ts';
import { withCurrentToken } from '../../shared/instagram/with-current-token.ts';
import type { SendMessageRequest } from './request.ts';

/** Below the function's 28 s, so that a slow Meta is told apart from a slow function. */
const timeoutMs = 20_000;

const sendAnswer = z.object({ recipient_id: z.string(), message_id: z.string() });
export type SendAnswer = z.infer<typeof sendAnswer>;

/**
 * Sends one text, once. In both login flavours `reply_to` stands beside `message`, not in it.
 * https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/send-message
 */
export async function sendText(request: SendMessageRequest): Promise<SendAnswer> {
  const body = {
    recipient: { id: request.recipient_id },
    message: { text: request.message },
    ...(request.reply_to !== undefined && { reply_to: { mid: request.reply_to } }),
  };
  const answer = await withCurrentToken((secret) =>
    graph.post(secret, { path: '/me/messages', body, timeoutMs }),
  );
  const parsed = sendAnswer.safeParse(answer);
  if (!parsed.success) throw new GraphNoAnswerError('Meta took the message but named no message id');
  return parsed.data;
}
