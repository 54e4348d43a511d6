import { contentHash } from '../runtime/json.ts';
import type { ConversationEvent } from './conversation-event.ts';
import { conversationId } from './table-keys.ts';

export const publishedTypes = [
  'message.received',
  'message.echoed',
  'message.edited',
  'message.unsent',
  'message.reacted',
  'message.seen',
  'message.postback',
] as const;
export type PublishedType = (typeof publishedTypes)[number];

/**
 * What subscribers of the events topic get, version 1: ids, times and kinds, never text, since a copy cannot
 * be unsent. Delivered at least once, the same event always under the same `id`.
 */
export interface PublishedEvent {
  readonly v: 1;
  readonly id: string;
  readonly type: PublishedType;
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
  /** No webhook brought it: it was found by reading Meta's conversations. */
  readonly recovered?: true;
  /** Of `message.reacted`: the reaction was taken back. */
  readonly removed?: true;
}

/** The event to publish, or nothing for what is shown in the conversation alone. */
export function toPublishedEvent(event: ConversationEvent): PublishedEvent | undefined {
  const type = publishedType(event);
  if (!type) return undefined;
  const { accountId, customerId, messageId, time } = event;
  return {
    v: 1,
    id: contentHash([type, accountId, customerId, messageId, ...distinguishing(event)]),
    type,
    account_id: accountId,
    customer_id: customerId,
    conversation_id: conversationId(event),
    message_id: messageId,
    ...(time && { at: time.atMs }),
    ...describe(event),
  };
}

function publishedType(event: ConversationEvent): PublishedType | undefined {
  switch (event.type) {
    case 'unsend':
      return 'message.unsent';
    case 'edit':
      return event.text !== undefined && event.editNumber > 0 ? 'message.edited' : undefined;
    case 'reaction':
      return 'message.reacted';
    case 'seen':
      return 'message.seen';
    case 'message':
      return typeOfMessage(event.content.kind, event.direction);
    case 'send':
      // Its echo is announced.
      return undefined;
    case 'own_reaction':
      return undefined;
    case 'graph': {
      const { direction, content } = event.state;
      return direction && content && typeOfMessage(content.value.kind, direction);
    }
  }
}

/** Kinds that are no message of either side. */
const unpublishedKinds: ReadonlySet<string> = new Set([
  'referral',
  'optin',
  'handover',
  'unknown_event',
  'comment',
  'unreadable',
  'history_start',
]);

function typeOfMessage(kind: string, direction: 'in' | 'out'): PublishedType | undefined {
  if (unpublishedKinds.has(kind)) return undefined;
  if (kind === 'postback') return 'message.postback';
  return direction === 'in' ? 'message.received' : 'message.echoed';
}

/** What tells two events of one type about one message apart. */
function distinguishing(event: ConversationEvent): readonly unknown[] {
  switch (event.type) {
    case 'edit':
      return [event.editNumber, event.time?.atMs ?? null];
    case 'reaction':
      return [event.reaction, event.time?.atMs ?? null];
    case 'message':
    case 'graph':
    case 'send':
    case 'own_reaction':
    case 'unsend':
    case 'seen':
      return [];
  }
}

function describe(event: ConversationEvent): Partial<PublishedEvent> {
  switch (event.type) {
    case 'message':
      return sizes(event.content.kind, event.text, event.content.attachments?.length);
    case 'graph': {
      const { content, text } = event.state;
      return {
        ...sizes(content?.value.kind, text?.value, content?.value.attachments?.length),
        recovered: true,
      };
    }
    case 'edit':
      return { text_bytes: Buffer.byteLength(event.text ?? '') };
    case 'reaction':
      return event.reaction === null ? { removed: true } : {};
    case 'send':
    case 'own_reaction':
    case 'unsend':
    case 'seen':
      return {};
  }
}

function sizes(kind: string | undefined, text = '', attachments = 0): Partial<PublishedEvent> {
  return { ...(kind !== undefined && { kind }), text_bytes: Buffer.byteLength(text), attachments };
}
