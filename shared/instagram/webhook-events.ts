import { contentHash, isRecord } from '../runtime/json.ts';
import { type AccountId, accountId, type CustomerId, customerId, type MessageId, messageId } from './ids.ts';
import { type MessageContent, parseContent } from './message-content.ts';
import type { DeliveredItem } from './webhook-envelope.ts';

/** How exact a time is, best last: a better one replaces a worse one. */
export const timeRanks = ['entry', 'send_date', 'graph', 'webhook_seconds', 'webhook_ms'] as const;
export type TimeRank = (typeof timeRanks)[number];

export interface EventTime {
  readonly atMs: number;
  readonly rank: TimeRank;
}

interface ConversationEvent {
  readonly accountId: AccountId;
  readonly customerId: CustomerId;
  readonly standby: boolean;
  readonly time?: EventTime;
}

/** A message of the customer (`in`) or the echo of one of the business (`out`). */
export interface MessageEvent extends ConversationEvent {
  readonly type: 'message';
  readonly messageId: MessageId;
  readonly direction: 'in' | 'out';
  readonly text?: string;
  readonly content: MessageContent;
}

/** The sender took the message back; it repeats the message's own mid. */
export interface UnsendEvent extends ConversationEvent {
  readonly type: 'unsend';
  readonly messageId: MessageId;
  readonly direction: 'in' | 'out';
}

/** Everything else, kept as it came. Its conversation is known only when both ids could be read. */
export interface OtherEvent {
  readonly type: 'other';
  readonly field: string;
  readonly accountId?: AccountId;
  readonly customerId?: CustomerId;
  readonly time?: EventTime;
  /** Of the canonical JSON: with time and field the key of an event that has no mid of its own. */
  readonly hash: string;
  readonly raw: unknown;
}

export type InstagramEvent = MessageEvent | UnsendEvent | OtherEvent;

/** Understands one delivered item. Never throws: what it cannot read is an `other` event with its raw form. */
export function parseDeliveredItem(delivered: DeliveredItem): InstagramEvent {
  const item = isRecord(delivered.item) ? delivered.item : {};
  const message = isRecord(item.message) ? item.message : undefined;
  const parties = partiesOf(delivered, item, message);
  const time = timeOf(delivered, item);
  const mid = messageId(message?.mid);
  const { accountId, customerId } = parties;
  if (!message || !mid || !accountId || !customerId) {
    return {
      type: 'other',
      field: delivered.field,
      hash: contentHash(delivered.item),
      ...definedParties(parties),
      ...(time && { time }),
      raw: delivered.item,
    };
  }
  const envelope = {
    accountId,
    customerId,
    messageId: mid,
    direction: parties.direction,
    standby: delivered.standby,
    ...(time && { time }),
  };
  if (message.is_deleted === true) return { type: 'unsend', ...envelope };
  return { type: 'message', ...envelope, ...parseContent(message) };
}

interface Parties {
  readonly accountId: AccountId | undefined;
  readonly customerId: CustomerId | undefined;
  readonly direction: 'in' | 'out';
}

const definedParties = ({ accountId, customerId }: Parties) => ({
  ...(accountId && { accountId }),
  ...(customerId && { customerId }),
});

/**
 * The business is the recipient, on echoes the sender; `entry.id` serves only where the item names neither,
 * because Meta's samples put other ids there.
 */
function partiesOf(
  delivered: DeliveredItem,
  item: Record<string, unknown>,
  message: Record<string, unknown> | undefined,
): Parties {
  const sender = idOf(item.sender);
  const recipient = idOf(item.recipient);
  const isEcho = message?.is_echo === true;
  const [business, customer] = isEcho ? [sender, recipient] : [recipient, sender ?? idOf(item.from)];
  return {
    accountId: accountId(business) ?? accountId(delivered.entryId),
    customerId: customerId(customer),
    direction: isEcho ? 'out' : 'in',
  };
}

/** Ids are JSON strings; a number is taken only where it cannot have lost digits. */
function idOf(party: unknown): string | undefined {
  const id = isRecord(party) ? party.id : undefined;
  if (typeof id === 'string') return id;
  return Number.isSafeInteger(id) ? String(id) : undefined;
}

function timeOf(delivered: DeliveredItem, item: Record<string, unknown>): EventTime | undefined {
  const own = epochMs(item.timestamp);
  if (own) return { atMs: own.atMs, rank: own.unit === 'ms' ? 'webhook_ms' : 'webhook_seconds' };
  const entry = epochMs(delivered.entryTime);
  return entry && { atMs: entry.atMs, rank: 'entry' };
}

const earliestMs = Date.UTC(2010, 0);
const latestMs = Date.UTC(2100, 0);

/** Meta's times come in milliseconds or seconds, as numbers or (in the dashboard's test) as strings. */
function epochMs(value: unknown): { atMs: number; unit: 'ms' | 's' } | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined;
  if (number >= earliestMs && number < latestMs) return { atMs: number, unit: 'ms' };
  if (number >= earliestMs / 1000 && number < latestMs / 1000) return { atMs: number * 1000, unit: 's' };
  return undefined;
}
