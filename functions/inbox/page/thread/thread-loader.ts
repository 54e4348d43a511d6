import { api } from '../api/api.ts';
import { ApiError } from '../api/request.ts';
import type { Conversation, Message } from '../api/shapes.ts';
import { markRowRead, refreshList } from '../conversations/list-loader.ts';
import { nameOf } from '../conversations/name-of.ts';
import { previewOf } from '../conversations/preview.ts';
import { settings } from '../settings/settings.ts';
import {
  announce,
  emptyOpenThread,
  listStore,
  type OpenThread,
  threadsStore,
  viewStore,
} from '../store/app.ts';
import { messageOf, watched } from '../store/connection.ts';
import { type Poll, poll } from '../store/poll.ts';
import { text } from '../text.ts';
import { mergeNewest, newestOnly, prependOlder } from './thread-state.ts';

const pageSize = 50;
/** So many threads open at once again without a wait. */
const keptThreads = 20;

let polling: Poll | undefined;
const etags = new Map<string, string>();

/** Follows the open thread until the next one. */
export function followThread(id: string | undefined): void {
  polling?.stop();
  polling = undefined;
  if (id === undefined) return;
  // Its place among the kept ones is the newest.
  const { [id]: known = emptyOpenThread, ...others } = threadsStore.get();
  const kept = Object.entries(others)
    .slice(-keptThreads)
    .map(([each, open]) => [each, { ...open, thread: newestOnly(open.thread, 2 * pageSize) }] as const);
  threadsStore.update(() => ({ ...Object.fromEntries(kept), [id]: known }));
  if (!known.thread.isLoaded) etags.delete(id);
  polling = poll(() => loadNewest(id), { visibleMs: 3_000, hiddenMs: 60_000 });
  void loadConversation(id);
}

export const refreshThread = (): void => polling?.now();

export function changeThread(id: string, edit: (open: OpenThread) => OpenThread): void {
  threadsStore.update((all) => ({ ...all, [id]: edit(all[id] ?? emptyOpenThread) }));
}

/** @param isAnew asks for the whole answer, though nothing is told to have changed. */
export async function loadNewest(id: string, isAnew = false): Promise<void> {
  try {
    const etag = isAnew ? undefined : etags.get(id);
    const answer = await watched(api.messages(id, { limit: pageSize, etag }));
    if (answer) {
      const before = threadsStore.get()[id]?.thread;
      if (answer.etag !== undefined) etags.set(id, answer.etag);
      changeThread(id, (open) => ({
        ...open,
        first: { state: 'ready' },
        thread: mergeNewest(open.thread, answer.body),
      }));
      if (before?.isLoaded) readOut(id, before.messages);
    } else if (threadsStore.get()[id]?.first.state !== 'ready') {
      changeThread(id, (open) => ({ ...open, first: { state: 'ready' } }));
    }
    markSeen(id);
  } catch (error) {
    changeThread(id, (open) => ({ ...open, first: { state: 'failed', message: messageOf(error) } }));
    throw error;
  }
}

/** Tells screen readers what came into the thread that is open. */
function readOut(id: string, before: readonly Message[]): void {
  const known = new Set(before.map((message) => message.id));
  const newest = threadsStore.get()[id]?.thread.messages.at(-1);
  if (!newest || known.has(newest.id) || newest.direction !== 'in' || viewStore.get().openId !== id) return;
  const conversation = conversationOf(id);
  const name = conversation ? nameOf(conversation.participant, text.unknownPerson) : text.unknownPerson;
  announce(text.news.from(name, previewOf(newest)));
}

export async function loadOlder(id: string): Promise<void> {
  const open = threadsStore.get()[id];
  const cursor = open?.thread.cursor;
  if (!open || cursor === undefined || open.older === 'loading') return;
  changeThread(id, (each) => ({ ...each, older: 'loading' }));
  try {
    const answer = await watched(api.messages(id, { limit: pageSize, cursor }));
    changeThread(id, (each) => ({
      ...each,
      older: 'idle',
      // A thread that was begun anew meanwhile goes on by its own cursor.
      ...(answer && each.thread.cursor === cursor && { thread: prependOlder(each.thread, answer.body) }),
    }));
  } catch {
    changeThread(id, (each) => ({ ...each, older: 'failed' }));
  }
}

/** The list may not have it, such as when the page was opened by the address of a thread. */
async function loadConversation(id: string): Promise<void> {
  const row = listStore.get().list.rows[id];
  if (row) return;
  const customer = id.slice(id.lastIndexOf('.') + 1);
  try {
    const answer = await watched(api.conversations({ filter: 'all', q: customer }, { limit: 5 }));
    const conversation = answer?.body.data.find((each) => each.id === id);
    if (conversation) changeThread(id, (open) => ({ ...open, conversation }));
  } catch {
    // The thread itself says what is wrong.
  }
}

/** A conversation as far as it is known: from the list, else as it was asked for. */
export function conversationOf(id: string): Conversation | undefined {
  return listStore.get().list.rows[id] ?? threadsStore.get()[id]?.conversation;
}

const marked = new Map<string, string>();

/** What somebody looks at is read by the team. The customer is told only where the settings say so. */
export function markSeen(id: string): void {
  if (viewStore.get().openId !== id || document.visibilityState !== 'visible' || !document.hasFocus()) return;
  const newest = threadsStore.get()[id]?.thread.messages.findLast(({ direction }) => direction === 'in');
  if (!newest || marked.get(id) === newest.id) return;
  marked.set(id, newest.id);
  const conversation = conversationOf(id);
  void (async () => {
    try {
      if (conversation?.unread !== false) await api.markRead(id, newest.id);
      markRowRead(id);
      refreshList();
      if (settings.get().tellsSeen && conversation) {
        await api.senderAction(conversation.recipient_id, { action: 'mark_seen' });
      }
    } catch (error) {
      // A key that may not send sets no mark; another failure is tried again with the next answer.
      if (!(error instanceof ApiError)) marked.delete(id);
    }
  })();
}
