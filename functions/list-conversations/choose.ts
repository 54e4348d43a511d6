import type {
  ConversationReader,
  StoredConversation,
} from '../../shared/conversations/conversation-reader.ts';
import { replyWindow } from '../../shared/conversations/reply-window.ts';
import { timelineKey } from '../../shared/conversations/summary.ts';
import { conversationId } from '../../shared/conversations/table-keys.ts';
import { isUnread } from '../../shared/conversations/views.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { cursorsOf, fromCursor, placeOf, toCursor } from '../../shared/runtime/http/paging.ts';
import type { ListConversationsQuery } from './request.ts';
import { search } from './search.ts';

export interface Chosen {
  readonly items: readonly StoredConversation[];
  readonly cursor?: string;
  readonly newer_cursor?: string;
  readonly has_newer?: true;
  readonly warnings?: readonly string[];
}

const dayMs = 24 * 60 * 60 * 1000;
const scanPageSize = 250;
/** Read in one call at most, however few of them fit: a page of `unread` costs no more than this. */
const maxScanned = 5_000;
const sortPageSize = 1_000;
/** What `closing_soon` reads and sorts at most. */
const maxSorted = 10_000;

/** The conversations that the query asks for. @throws HttpError 400 for a cursor of another list. */
export async function choose(
  reader: ConversationReader,
  query: ListConversationsQuery,
  nowMs: number,
): Promise<Chosen> {
  if (query.q !== undefined || query.filter !== undefined) refuseCombination(query);
  if (query.q !== undefined) return search(reader, query, query.q);
  if (query.filter === 'closing_soon') return closingSoon(reader, query, nowMs);
  if (query.filter === 'unread') return unread(reader, query);
  const place = placeOf(withoutUndefined(query));
  const page = await reader.inbox(query.limit, place);
  return { items: page.items, ...cursorsOf(page, place, ({ summary }) => summary.activityKey) };
}

/** Newest activity first. A page may be short: the cursor goes on where the reading ended. */
async function unread(reader: ConversationReader, query: ListConversationsQuery): Promise<Chosen> {
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
 * that part of the inbox is read: from its end, where the windows are that close next and that nobody answered.
 */
async function closingSoon(
  reader: ConversationReader,
  query: ListConversationsQuery,
  nowMs: number,
): Promise<Chosen> {
  const after = fromCursor(query.cursor);
  const open: { key: string; conversation: StoredConversation }[] = [];
  let from: string | undefined = timelineKey(nowMs - dayMs, '');
  for (let sorted = 0; sorted < maxSorted && from !== undefined; ) {
    const page = await reader.inbox(sortPageSize, { after: from });
    for (const conversation of page.items) {
      const window = replyWindow(conversation.summary, nowMs, false);
      if (window.state !== 'open' || window.expiresAtMs === undefined) continue;
      open.push({ key: timelineKey(window.expiresAtMs, conversationId(conversation)), conversation });
    }
    sorted += page.items.length;
    from = page.next;
  }
  const sorted = open.toSorted((a, b) => (a.key < b.key ? -1 : 1)).filter(({ key }) => !after || key > after);
  const page = sorted.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ conversation }) => conversation),
    ...(sorted.length > page.length && last && { cursor: toCursor(last.key) }),
    ...(from !== undefined && {
      warnings: [
        `More than ${maxSorted} conversations were active within a day: only those that have been quiet for longest are sorted here.`,
      ],
    }),
  };
}

function refuseCombination({ q, filter, newer_than }: ListConversationsQuery): void {
  if (newer_than !== undefined) {
    throw new HttpError(400, 'invalid_request', 'newer_than goes with neither q nor filter.');
  }
  if (q !== undefined && filter !== undefined) {
    throw new HttpError(400, 'invalid_request', 'Give q or filter, not both.');
  }
}

function withoutUndefined({ cursor, newer_than }: ListConversationsQuery) {
  return { ...(cursor !== undefined && { cursor }), ...(newer_than !== undefined && { newer_than }) };
}
