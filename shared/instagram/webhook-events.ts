import { isRecord } from '../runtime/json.ts';
import { parseEntry } from './entry-content.ts';
import { type EventTime, timeOf } from './event-time.ts';
import { type AccountId, type CustomerId, type MessageId, messageId } from './ids.ts';
import { type MessageContent, parseContent } from './message-content.ts';
import { entryId, type Parties, partiesOf } from './parties.ts';
import { parseReaction, type Reaction } from './reaction.ts';
import type { DeliveredItem } from './webhook-envelope.ts';

interface ConversationEvent {
  readonly accountId: AccountId;
  readonly customerId: CustomerId;
  /** The message it is about; for what has no mid at Meta an id of ours, made from time, kind and content. */
  readonly messageId: MessageId;
  readonly standby: boolean;
  readonly time?: EventTime;
}

/** A message of the customer (`in`), the echo of one of the business (`out`), or an entry without a mid. */
export interface MessageEvent extends ConversationEvent {
  readonly type: 'message';
  readonly direction: 'in' | 'out';
  readonly text?: string;
  readonly content: MessageContent;
}

/** The sender took the message back; it repeats the message's own mid. */
export interface UnsendEvent extends ConversationEvent {
  readonly type: 'unsend';
  readonly direction: 'in' | 'out';
}

/**
 * The sender changed the text. Without a text, or as edit number 0, it stands for a message that Meta did not
 * deliver: the mid is to be read from Graph. MP §2.5
 */
export interface EditEvent extends ConversationEvent {
  readonly type: 'edit';
  readonly direction: 'in' | 'out';
  readonly editNumber: number;
  readonly text?: string;
}

/** The customer's reaction to a message, or its removal. Of the business's own Meta tells nothing. MP §2.4 */
export interface ReactionEvent extends ConversationEvent {
  readonly type: 'reaction';
  /** `null`: taken back. */
  readonly reaction: Reaction | null;
}

/** The customer saw the thread up to this message. */
export interface SeenEvent extends ConversationEvent {
  readonly type: 'seen';
}

/** What names no conversation: kept as it came, and shown in none. */
export interface OtherEvent {
  readonly type: 'other';
  readonly field: string;
  readonly accountId?: AccountId;
  readonly time?: EventTime;
  readonly raw: unknown;
}

export type AddressedEvent = MessageEvent | UnsendEvent | EditEvent | ReactionEvent | SeenEvent;
export type InstagramEvent = AddressedEvent | OtherEvent;

/** Understands one delivered item. Never throws: what it cannot read is kept, with its raw form. */
export function parseDeliveredItem(delivered: DeliveredItem): InstagramEvent {
  const item = isRecord(delivered.item) ? delivered.item : {};
  const parties = partiesOf(delivered, item);
  const { accountId, customerId } = parties;
  const time = timeOf(delivered, item);
  if (!accountId || !customerId) return other(delivered, parties, time);
  const address = { accountId, customerId, standby: delivered.standby, ...(time && { time }) };
  return (
    parseMessage(item, address, parties) ??
    parseEdit(item, address, parties) ??
    parseReactionEvent(item, address) ??
    parseSeen(item, address) ?? {
      type: 'message',
      ...address,
      messageId: (isRecord(item.postback) && messageId(item.postback.mid)) || entryId(delivered),
      direction: parties.direction,
      ...parseEntry(delivered, item),
    }
  );
}

type Address = Omit<ConversationEvent, 'messageId'>;

function parseMessage(
  { message }: Record<string, unknown>,
  address: Address,
  { direction }: Parties,
): MessageEvent | UnsendEvent | undefined {
  const mid = isRecord(message) ? messageId(message.mid) : undefined;
  if (!isRecord(message) || !mid) return undefined;
  const envelope = { ...address, messageId: mid, direction };
  if (message.is_deleted === true) return { type: 'unsend', ...envelope };
  return { type: 'message', ...envelope, ...parseContent(message) };
}

function parseEdit(
  { message_edit: edit }: Record<string, unknown>,
  address: Address,
  { direction }: Parties,
): EditEvent | undefined {
  const mid = isRecord(edit) ? messageId(edit.mid) : undefined;
  if (!isRecord(edit) || !mid) return undefined;
  // Quoted in Meta's sample, a number in Messenger's reference.
  const number = Number(edit.num_edit);
  const { text } = typeof edit.text === 'string' ? parseContent({ text: edit.text }) : {};
  return {
    type: 'edit',
    ...address,
    messageId: mid,
    direction,
    editNumber: Number.isSafeInteger(number) && number > 0 ? number : 0,
    ...(text !== undefined && { text }),
  };
}

function parseReactionEvent(
  { reaction: told }: Record<string, unknown>,
  address: Address,
): ReactionEvent | undefined {
  const mid = isRecord(told) ? messageId(told.mid) : undefined;
  const reaction = parseReaction(told);
  return mid && reaction !== undefined
    ? { type: 'reaction', ...address, messageId: mid, reaction }
    : undefined;
}

function parseSeen({ read }: Record<string, unknown>, address: Address): SeenEvent | undefined {
  const mid = isRecord(read) ? messageId(read.mid) : undefined;
  return mid ? { type: 'seen', ...address, messageId: mid } : undefined;
}

function other(delivered: DeliveredItem, { accountId }: Parties, time: EventTime | undefined): OtherEvent {
  return {
    type: 'other',
    field: delivered.field,
    ...(accountId && { accountId }),
    ...(time && { time }),
    raw: delivered.item,
  };
}
