import * as z from 'zod/mini';
import type { SendEvent } from '../conversations/conversation-event.ts';
import { accountId, customerId, messageId } from '../instagram/ids.ts';
import type { Attachment, MessageContent, MessageKind } from '../instagram/message-content.ts';
import { isRecord } from '../runtime/json.ts';
import type { SendRow } from './send-row.ts';

/** The body that a finished send puts on the events queue, version 1: what was sent, and by whom. */
export const queuedSend = z.object({
  v: z.literal(1),
  source: z.literal('send'),
  account_id: z.string(),
  customer_id: z.string(),
  message_id: z.string(),
  send_id: z.string(),
  sent_by: z.object({ name: z.string(), kind: z.enum(['human', 'bot']) }),
  /** Meta's time of its answer, in ms. */
  sent_at: z.int(),
  /** When the send was done with, in ms of our clock: on its last message alone, so that it is told once. */
  done_at: z.optional(z.int()),
  reply_to: z.optional(z.string()),
  /** The `message` as it went to Meta, with `upload_id` in place of an upload's `url`. */
  message: z.record(z.string(), z.unknown()),
});
export type QueuedSend = z.infer<typeof queuedSend>;

/** A body for each message of a send that Meta took. */
export function toQueuedSends(row: SendRow): QueuedSend[] {
  return row.sentParts.flatMap(({ messageId: mid, recipientId, atMs }, place) => {
    const part = row.parts[place];
    if (!part) return [];
    const isLast = place === row.parts.length - 1;
    return {
      v: 1 as const,
      source: 'send' as const,
      account_id: row.accountId,
      // A customer's own address is the one that their webhook came with.
      customer_id: 'customerId' in row.addressee ? row.addressee.customerId : recipientId,
      message_id: mid,
      send_id: row.sendId,
      sent_by: { name: row.sentBy.name, kind: row.sentBy.kind },
      sent_at: atMs,
      ...(isLast && row.state.name === 'sent' && row.outcome && { done_at: row.outcome.atMs }),
      ...(part.replyTo !== undefined && { reply_to: part.replyTo }),
      message: { ...part.message },
    };
  });
}

/** @throws RangeError when it names no conversation or message that can be stored. */
export function toSendEvent(queued: QueuedSend): SendEvent {
  const address = {
    accountId: accountId(queued.account_id),
    customerId: customerId(queued.customer_id),
    messageId: messageId(queued.message_id),
  };
  if (!address.accountId || !address.customerId || !address.messageId) {
    throw new RangeError('A send names no conversation or no message');
  }
  const time = { atMs: queued.sent_at, rank: 'send_date' } as const;
  const { text } = queued.message;
  return {
    type: 'send',
    accountId: address.accountId,
    customerId: address.customerId,
    messageId: address.messageId,
    sendId: queued.send_id,
    ...(queued.done_at !== undefined && { doneAtMs: queued.done_at }),
    time,
    state: {
      direction: 'out',
      via: ['send'],
      sentAt: time,
      ...(typeof text === 'string' && { text: { value: text, version: [queued.sent_at, 0] } }),
      content: { value: contentOf(queued), rank: 'send' },
      sentBy: { sendId: queued.send_id, ...queued.sent_by },
    },
  };
}

function contentOf({ message, reply_to }: QueuedSend): MessageContent {
  const attachments = attachmentsOf(message);
  const kind: MessageKind = attachments.length > 0 ? 'attachment' : 'text';
  return {
    kind,
    ...(attachments.length > 0 && { attachments }),
    ...(reply_to !== undefined && { reply_to: { mid: reply_to } }),
  };
}

/** What a message that we sent carries, by Meta's names. */
export function attachmentsOf(message: Readonly<Record<string, unknown>>): Attachment[] {
  const all = [message.attachment, ...(Array.isArray(message.attachments) ? message.attachments : [])];
  return all.filter(isRecord).map(({ type, payload }) => {
    const { url, ...raw } = isRecord(payload) ? payload : {};
    return {
      type: String(type),
      ...(typeof url === 'string' && { url }),
      ...(Object.keys(raw).length > 0 && { raw }),
    };
  });
}
