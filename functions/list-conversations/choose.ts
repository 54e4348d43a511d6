import { contactStore } from '../../shared/conversations/contact-store.ts';
import type {
  ConversationReader,
  StoredConversation,
} from '../../shared/conversations/conversation-reader.ts';
import { replyWindow } from '../../shared/conversations/reply-window.ts';
import { readTimelineKey, timelineKey } from '../../shared/conversations/summary.ts';
import { conversationId } from '../../shared/conversations/table-keys.ts';
import { isUnread } from '../../shared/conversations/views.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { cursorsOf, fromCursor, placeOf, toCursor } from '../../shared/runtime/http/paging.ts';
import type { ListConversationsQuery } from './request.ts';

export interface Chosen {
  readonly items: readonly StoredConversation[];
  readonly cursor?: string;
  readonly newer_cursor?: string;
  readonly has_newer?: true;
  readonly warnings?: readonly string[];
}

const dayMs = 24 * 60 * 60 * 1000;
const scanPageSize = 250;
/** Read in one call at most, however few of them fit: a page of a filter costs no more than this. */
const maxScanned = 5_000;

/** The conversations that the query asks for. @throws HttpError 400 for a cursor of another list. */
export async function choose(
  reader: ConversationReader,
  query: ListConversationsQuery,
  nowMs: number,
): Promise<Chosen> {
  if (query.q !== undefined) return search(reader, query, query.q);
  if (query.filter === 'closing_soon') return closingSoon(reader, query, nowMs);
  if (query.filter === 'unread') return unread(reader, query);
  const place = placeOf(withoutUndefined(query));
  const page = await reader.inbox(query.limit, place);
  return { items: page.items, ...cursorsOf(page, place, ({ summary }) => summary.activityKey) };
}

/** By username, name and id, of every account; a cursor names the account and where its index was left. */
async function search(
  reader: ConversationReader,
  query: ListConversationsQuery,
  text: string,
): Promise<Chosen> {
  onlyOlder(query);
  const contacts = contactStore(dynamodb(), required('TABLE_NAME'));
  const [startAccount, startKey] = splitSearchCursor(
    fromCursor(query.cursor, /^[\w-]{1,64}\|(?:username|name|id)#/),
  );
  const accounts = (await reader.accounts()).toSorted();
  const items: StoredConversation[] = [];
  for (const account of accounts.filter((each) => startAccount === undefined || each >= startAccount)) {
    const after = account === startAccount ? startKey : undefined;
    const page = await contacts.search(account, text, query.limit - items.length, after);
    items.push(...(await reader.findAll(page.items.map((id) => ({ accountId: account, customerId: id })))));
    if (page.next !== undefined) return { items, cursor: toCursor(`${account}|${page.next}`) };
    if (items.length >= query.limit) break;
  }
  return { items };
}

function splitSearchCursor(key: string | undefined): [account?: string, key?: string] {
  if (key === undefined) return [];
  const at = key.indexOf('|');
  return [key.slice(0, at), key.slice(at + 1)];
}

/** Newest activity first. A page may be short: the cursor goes on where the reading ended. */
async function unread(reader: ConversationReader, query: ListConversationsQuery): Promise<Chosen> {
  onlyOlder(query);
  const items: StoredConversation[] = [];
  let before = fromCursor(query.cursor);
  for (let scanned = 0; scanned < maxScanned; ) {
    const page = await reader.inbox(scanPageSize, before === undefined ? {} : { before });
    for (const conversation of page.items) {
      scanned += 1;
      before = conversation.summary.activityKey;
      if (!isUnread(conversation.summary)) continue;
      items.push(conversation);
      if (items.length === query.limit) return { items, cursor: toCursor(before) };
    }
    if (page.next === undefined) return { items };
  }
  return { items, ...(before !== undefined && { cursor: toCursor(before) }) };
}

/**
 * Open windows, the one that ends first at the top. Whoever wrote within a day was active within it, so only
 * that part of the inbox is read.
 */
async function closingSoon(
  reader: ConversationReader,
  query: ListConversationsQuery,
  nowMs: number,
): Promise<Chosen> {
  onlyOlder(query);
  const after = fromCursor(query.cursor);
  const open: { key: string; conversation: StoredConversation }[] = [];
  let before: string | undefined;
  let isComplete = false;
  for (let scanned = 0; scanned < maxScanned && !isComplete; ) {
    const page = await reader.inbox(scanPageSize, before === undefined ? {} : { before });
    for (const conversation of page.items) {
      const window = replyWindow(conversation.summary, nowMs, false);
      if (window.state !== 'open' || window.expiresAtMs === undefined) continue;
      open.push({ key: timelineKey(window.expiresAtMs, conversationId(conversation)), conversation });
    }
    scanned += page.items.length;
    before = page.next;
    isComplete = before === undefined || readTimelineKey(before).atMs < nowMs - dayMs;
  }
  const sorted = open.toSorted((a, b) => (a.key < b.key ? -1 : 1)).filter(({ key }) => !after || key > after);
  const page = sorted.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ conversation }) => conversation),
    ...(sorted.length > page.length && last && { cursor: toCursor(last.key) }),
    ...(!isComplete && {
      warnings: [
        `More than ${maxScanned} conversations were active within a day: only the newest of them are sorted here.`,
      ],
    }),
  };
}

function onlyOlder({ newer_than }: ListConversationsQuery): void {
  if (newer_than === undefined) return;
  throw new HttpError(400, 'invalid_request', 'newer_than goes with neither q nor filter.');
}

function withoutUndefined({ cursor, newer_than }: ListConversationsQuery) {
  return { ...(cursor !== undefined && { cursor }), ...(newer_than !== undefined && { newer_than }) };
}
