import * as z from 'zod/mini';
import type { AccountId, CustomerId } from '../instagram/ids.ts';
import { contentHash } from '../runtime/json.ts';
import type { ConversationEvent, SendEvent } from './conversation-event.ts';
import { conversationId } from './table-keys.ts';

const identity = {
  v: z.literal(1),
  /** The same event always has the same one, however often it comes. */
  id: z.string(),
  account_id: z.string(),
};

const base = {
  ...identity,
  customer_id: z.string(),
  conversation_id: z.string(),
  message_id: z.string(),
  /** Meta's time in ms; absent when Meta gave none. */
  at: z.optional(z.number()),
};

const message = {
  ...base,
  /** As `kind` of the API's messages. */
  kind: z.string(),
  /** Bytes of UTF-8 of the text. */
  text_bytes: z.int(),
  attachments: z.int(),
  /** No webhook brought it: it was found by reading Meta's conversations, maybe long after it was sent. */
  recovered: z.optional(z.literal(true)),
};

/**
 * What subscribers of the events topic get, version 1 (docs/events.md): ids, times and kinds, never text, since a copy
 * cannot be unsent. Delivered at least once and in any order. Members may be added; none is taken away or changed
 * without another version.
 */
export const publishedEvent = z.discriminatedUnion('type', [
  z.object({ ...message, type: z.literal('message.received') }),
  z.object({ ...message, type: z.literal('message.echoed') }),
  z.object({ ...message, type: z.literal('message.postback') }),
  z.object({ ...base, type: z.literal('message.edited'), text_bytes: z.int() }),
  z.object({ ...base, type: z.literal('message.unsent') }),
  /** `removed`: the reaction was taken back. */
  z.object({ ...base, type: z.literal('message.reacted'), removed: z.optional(z.literal(true)) }),
  z.object({ ...base, type: z.literal('message.seen') }),
  z.object({
    ...identity,
    type: z.literal('send.updated'),
    send_id: z.string(),
    state: z.enum(['sent', 'failed', 'unknown']),
    /** Why it is not sent: as `error.code` of the API. */
    code: z.optional(z.string()),
    /** Absent of a private reply that did not go out: who the author of a comment is, Meta's answer tells. */
    customer_id: z.optional(z.string()),
    conversation_id: z.optional(z.string()),
    /** The last message of a send that was sent. */
    message_id: z.optional(z.string()),
    /** When it came to that, in ms of our clock. */
    at: z.number(),
  }),
]);
export type PublishedEvent = z.infer<typeof publishedEvent>;
/** What became of a send. */
export type SendUpdated = Extract<PublishedEvent, { readonly type: 'send.updated' }>;
export type PublishedType = PublishedEvent['type'];

export const publishedTypes: readonly PublishedType[] = publishedEvent._zod.def.options.map(
  ({ shape }) => shape.type._zod.def.values[0] as PublishedType,
);

/** The event to publish, or nothing for what is shown in the conversation alone. */
export function toPublishedEvent(event: ConversationEvent): PublishedEvent | undefined {
  if (event.type === 'send') return sentEvent(event);
  const details = detailsOf(event);
  if (!details) return undefined;
  const { accountId, customerId, messageId, time } = event;
  return {
    v: 1,
    id: contentHash([details.type, accountId, customerId, messageId, ...distinguishing(event)]),
    account_id: accountId,
    customer_id: customerId,
    conversation_id: conversationId(event),
    message_id: messageId,
    ...(time && { at: time.atMs }),
    ...details,
  };
}

/** Of the messages of a send the last one alone tells of it; each is announced by its echo too. */
function sentEvent({ accountId, customerId, messageId, sendId, doneAtMs }: SendEvent) {
  if (doneAtMs === undefined) return undefined;
  const ended = { account_id: accountId, send_id: sendId, state: 'sent', at: doneAtMs } as const;
  return toSendUpdated({ ...ended, customer_id: customerId, message_id: messageId });
}

/** @param ended without what follows from the rest. */
export function toSendUpdated(
  ended: Omit<SendUpdated, 'v' | 'id' | 'type' | 'conversation_id'>,
): SendUpdated {
  const { account_id, customer_id, send_id, state, at } = ended;
  return {
    v: 1,
    id: contentHash(['send.updated', account_id, send_id, state, at]),
    type: 'send.updated',
    ...(customer_id !== undefined && {
      conversation_id: conversationId({
        accountId: account_id as AccountId,
        customerId: customer_id as CustomerId,
      }),
    }),
    ...ended,
  };
}

type MessageType = Exclude<PublishedType, 'send.updated'>;
/** The members of one type's own. */
type Details = { [Type in MessageType]: Omit<Of<Type>, keyof typeof base> }[MessageType];
type Of<Type extends PublishedType> = Extract<PublishedEvent, { readonly type: Type }>;

function detailsOf(event: Exclude<ConversationEvent, SendEvent>): Details | undefined {
  switch (event.type) {
    case 'unsend':
      return { type: 'message.unsent' };
    case 'edit':
      if (event.text === undefined || event.editNumber <= 0) return undefined;
      return { type: 'message.edited', text_bytes: Buffer.byteLength(event.text) };
    case 'reaction':
      return { type: 'message.reacted', ...(event.reaction === null && { removed: true }) };
    case 'seen':
      return { type: 'message.seen' };
    case 'message': {
      const { kind, attachments } = event.content;
      const type = typeOfMessage(kind, event.direction);
      return type && { type, kind, ...sizes(event.text, attachments) };
    }
    case 'own_reaction':
      return undefined;
    case 'graph': {
      const { direction, content, text } = event.state;
      if (!direction || !content) return undefined;
      const { kind, attachments } = content.value;
      const type = typeOfMessage(kind, direction);
      return type && { type, kind, ...sizes(text?.value, attachments), recovered: true };
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

function typeOfMessage(kind: string, direction: 'in' | 'out') {
  if (unpublishedKinds.has(kind)) return undefined;
  if (kind === 'postback') return 'message.postback';
  return direction === 'in' ? 'message.received' : 'message.echoed';
}

const sizes = (text = '', attachments: readonly unknown[] = []) => ({
  text_bytes: Buffer.byteLength(text),
  attachments: attachments.length,
});

/** What tells two events of one type about one message apart. */
function distinguishing(event: Exclude<ConversationEvent, SendEvent>): readonly unknown[] {
  switch (event.type) {
    case 'edit':
      return [event.editNumber, event.time?.atMs ?? null];
    case 'reaction':
      return [event.reaction, event.time?.atMs ?? null];
    case 'message':
    case 'graph':
    case 'own_reaction':
    case 'unsend':
    case 'seen':
      return [];
  }
}
