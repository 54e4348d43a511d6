import { byteLength, maxTextBytes } from '../../../send-message/split-text.ts';
import { api } from '../api/api.ts';
import { refreshList } from '../conversations/list-loader.ts';
import { refreshThread } from '../thread/thread-loader.ts';

export interface ById {
  readonly recipient: string;
  readonly message: string;
  /** Blank for none. */
  readonly replyTo: string;
}

export interface SentById {
  /** Absent while it waits behind earlier messages. */
  readonly messageId: string | undefined;
}

/** As long as the gateway needs to see its own echo. */
const refreshAfterMs = 1_000;

/** Waits for Meta's answer, so that the form can show the message's id. @throws ApiError, NoAnswer. */
export async function sendById(
  { recipient, message, replyTo }: ById,
  idempotencyKey: string,
): Promise<SentById> {
  const request = {
    recipient_id: recipient,
    message,
    ...(replyTo !== '' && { reply_to: replyTo }),
    ...(byteLength(message) > maxTextBytes && { split: true as const }),
  };
  const { data } = await api.send(request, idempotencyKey, 'wait');
  setTimeout(() => {
    refreshList();
    refreshThread();
  }, refreshAfterMs);
  return { messageId: data.message_id };
}
