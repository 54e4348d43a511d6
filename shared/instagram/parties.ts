import { contentHash, isRecord } from '../runtime/json.ts';
import { type AccountId, accountId, type CustomerId, customerId, type MessageId } from './ids.ts';
import type { DeliveredItem } from './webhook-envelope.ts';

export interface Parties {
  readonly accountId: AccountId | undefined;
  readonly customerId: CustomerId | undefined;
  /** Who did it: the customer (`in`) or the business (`out`). */
  readonly direction: 'in' | 'out';
}

/**
 * The business is the recipient, on echoes the sender; `entry.id` serves only where the item names neither,
 * because Meta's samples put other ids there. MP §2.3
 */
export function partiesOf(delivered: DeliveredItem, item: Record<string, unknown>): Parties {
  const sender = idOf(item.sender);
  const recipient = idOf(item.recipient);
  const isEcho = [item.message, item.message_edit].some((part) => isRecord(part) && part.is_echo === true);
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

const entryPrefix = 'entry_';

/**
 * The id of what has no mid at Meta. The item itself is its identity, without the envelope, whose time differs
 * from one delivery to the next.
 */
export function entryId({ field, item }: DeliveredItem): MessageId {
  const own = isRecord(item) ? commentId(field, item) : undefined;
  return `${entryPrefix}${field.slice(0, 64).toWellFormed()}_${own ?? contentHash(item ?? null)}` as MessageId;
}

/** Comments have ids of their own, and those on ads may be told twice. MP §2.13 */
function commentId(field: string, item: Record<string, unknown>): string | undefined {
  if (field !== 'comments' && field !== 'live_comments') return undefined;
  const id = item.id ?? item.comment_id;
  return typeof id === 'string' && /^\w{1,64}$/.test(id) ? id : undefined;
}
