import type { InstagramEvent, MessageEvent, UnsendEvent } from '../instagram/webhook-events.ts';
import { contentHash } from '../runtime/json.ts';
import { conversationId } from './table-keys.ts';

/**
 * What subscribers of the events topic get, version 1: ids, times and kinds, never text, since a copy cannot
 * be unsent. Delivered at least once, the same event always under the same `id`.
 */
export interface PublishedEvent {
  readonly v: 1;
  readonly id: string;
  readonly type: 'message.received' | 'message.echoed' | 'message.unsent';
  readonly account_id: string;
  readonly customer_id: string;
  readonly conversation_id: string;
  readonly message_id: string;
  /** Meta's time in ms; absent when Meta gave none. */
  readonly at?: number;
  readonly kind?: string;
  /** Bytes of UTF-8 of the text. */
  readonly text_bytes?: number;
  readonly attachments?: number;
}

/** The event to publish, or nothing for the kinds that are only kept. */
export function toPublishedEvent(event: InstagramEvent): PublishedEvent | undefined {
  if (event.type === 'other') return undefined;
  const type = publishedType(event);
  const { accountId, customerId, messageId, time } = event;
  return {
    v: 1,
    id: contentHash([type, accountId, customerId, messageId]),
    type,
    account_id: accountId,
    customer_id: customerId,
    conversation_id: conversationId(event),
    message_id: messageId,
    ...(time && { at: time.atMs }),
    ...(event.type === 'message' && {
      kind: event.content.kind,
      text_bytes: Buffer.byteLength(event.text ?? ''),
      attachments: event.content.attachments?.length ?? 0,
    }),
  };
}

function publishedType(event: MessageEvent | UnsendEvent): PublishedEvent['type'] {
  if (event.type === 'unsend') return 'message.unsent';
  return event.direction === 'in' ? 'message.received' : 'message.echoed';
}
