/**
 * The keys of the one table, final since the first release: `pk`, `sk`; local index `timeline` by
 * `timeline_key`; global index `inbox` by `inbox_key` and `activity_key`. docs/store.md lists every kind of item.
 */
import { type AccountId, accountId, type CustomerId, customerId, type MessageId } from '../instagram/ids.ts';
import { contentHash } from '../runtime/json.ts';

export const timelineIndex = 'timeline';
export const inboxIndex = 'inbox';

export interface ConversationKey {
  readonly accountId: AccountId;
  readonly customerId: CustomerId;
}

export const summarySortKey = 'summary';

export function conversationPartition({ accountId, customerId }: ConversationKey): string {
  return `conversation#${accountId}#${customerId}`;
}

export const messagePrefix = 'message#';

export function messageKey(conversation: ConversationKey, mid: MessageId) {
  return { pk: conversationPartition(conversation), sk: `${messagePrefix}${mid}` };
}

/** The mid in a message's sort key. It is stored nowhere else: a mid is long, and every byte is in the index too. */
export function midOf(sortKey: string): MessageId {
  return sortKey.slice(messagePrefix.length) as MessageId;
}

export function summaryKey(conversation: ConversationKey) {
  return { pk: conversationPartition(conversation), sk: summarySortKey };
}

/** The automatic replies of the last hour. */
export function autoReplyKey(conversation: ConversationKey) {
  return { pk: conversationPartition(conversation), sk: 'auto_reply' };
}

/** What names no conversation: its kind and content are its identity. */
export function unaddressedKey(account: AccountId | undefined, field: string, raw: unknown) {
  return {
    pk: `unaddressed#${account ?? 'unknown'}`,
    sk: `event#${field.slice(0, 64).toWellFormed()}#${contentHash(raw ?? null)}`,
  };
}

/** In the conversation's own partition: read together with its newest message. */
export function contactKey(conversation: ConversationKey) {
  return { pk: conversationPartition(conversation), sk: 'contact' };
}

/** That this conversation is another one's: the same person under a second id. */
export function aliasKey(conversation: ConversationKey) {
  return { pk: conversationPartition(conversation), sk: 'alias' };
}

/** By which a customer is found: an entry each for id, username and name. */
export function peoplePartition(account: AccountId): string {
  return `people#${account}`;
}

export const accountsPartition = 'accounts';

export function callBudgetKey(accountId: string, kind: string) {
  return { pk: `budget#${accountId}`, sk: kind };
}

const separator = '.';

/** The public id of a conversation. Callers treat it as opaque. */
export function conversationId({ accountId, customerId }: ConversationKey): string {
  return `${accountId}${separator}${customerId}`;
}

/** Reads a public conversation id; `undefined` when it cannot be one of ours. */
export function parseConversationId(id: string): ConversationKey | undefined {
  const [account, customer, ...rest] = id.split(separator);
  const key = { accountId: accountId(account), customerId: customerId(customer) };
  return key.accountId && key.customerId && rest.length === 0
    ? { accountId: key.accountId, customerId: key.customerId }
    : undefined;
}
