import { api } from '../api/api.ts';
import { ApiError, NoAnswer } from '../api/request.ts';
import type { SendRequest } from '../api/shapes.ts';
import { refreshList } from '../conversations/list-loader.ts';
import { outgoingStore, sessionStore, threadsStore } from '../store/app.ts';
import { messageOf } from '../store/connection.ts';
import { readStored, writeStored } from '../store/storage.ts';
import { text } from '../text.ts';
import { refreshThread } from '../thread/thread-loader.ts';
import { nowMs } from '../time/clock.ts';
import {
  afterReload,
  forgetSent,
  isSettled,
  lastSeen,
  newestUnshown,
  nextToPost,
  type Outgoing,
  withoutOthers,
  withSend,
  withTrouble,
} from './outgoing.ts';

const storedAs = 'inbox.outgoing';
const retryMs = 3_000;
const watchMs = 700;

/** What was on its way outlives a reload: it is posted again under the same key, and so is sent once. */
export function restoreOutgoing(): void {
  const stored = readStored<readonly Outgoing[]>(storedAs, []);
  outgoingStore.update(() => afterReload(stored, nowMs(), text.send.notPosted));
  // What was sent is the thread's: no text of it stays on this device.
  outgoingStore.subscribe(() =>
    writeStored(
      storedAs,
      outgoingStore.get().filter(({ state }) => state !== 'sent'),
    ),
  );
}

/** Goes on with all that waits: after signing in, and when the connection is back. */
export function resumeOutgoing(): void {
  const all = outgoingStore.get();
  for (const id of new Set(all.map(({ conversationId }) => conversationId))) pump(id);
  for (const { key, state } of all) if (state === 'accepted') void watch(key);
}

export function submit(conversationId: string, request: SendRequest): void {
  const outgoing: Outgoing = {
    key: crypto.randomUUID(),
    ...writer(),
    conversationId,
    request,
    writtenAt: new Date(nowMs()).toISOString(),
    state: 'waiting',
    ...placeOf(conversationId),
  };
  outgoingStore.update((all) => [...forgetSent(all, nowMs()), outgoing]);
  pump(conversationId);
}

function writer(): Pick<Outgoing, 'by'> {
  const session = sessionStore.get();
  return session.phase === 'signed_in' ? { by: session.session.key_id } : {};
}

function placeOf(conversationId: string): Pick<Outgoing, 'behind'> {
  const messages = threadsStore.get()[conversationId]?.thread.messages ?? [];
  const behind = newestUnshown(outgoingStore.get(), conversationId, messages);
  return behind === undefined ? {} : { behind };
}

/** The same message again: under its key where it surely is not with Meta, else as a new one, which a person wanted. */
export function sendAgain(
  { key, by, conversationId, request, trouble }: Outgoing,
  ifLast: string | undefined,
): void {
  const { if_last: _, ...rest } = request;
  const again: Partial<Outgoing> =
    trouble?.canBeSentAgain && by === writer().by
      ? {}
      : { key: crypto.randomUUID(), request: { ...rest, ...(ifLast !== undefined && { if_last: ifLast }) } };
  outgoingStore.update((all) => [
    ...all.filter((each) => each.key !== key),
    {
      key,
      ...writer(),
      conversationId,
      request,
      state: 'waiting',
      ...placeOf(conversationId),
      ...again,
      writtenAt: new Date(nowMs()).toISOString(),
    },
  ]);
  pump(conversationId);
}

export function discard(key: string): void {
  outgoingStore.update((all) => all.filter((each) => each.key !== key));
}

function pump(conversationId: string): void {
  const { by } = writer();
  if (by === undefined) return;
  outgoingStore.update((all) => withoutOthers(all, by, text.send.otherKey));
  const next = nextToPost(outgoingStore.get(), conversationId);
  if (next) void post(next);
}

async function post(outgoing: Outgoing): Promise<void> {
  const { key, conversationId } = outgoing;
  const ifLast = lastSeen(outgoingStore.get(), outgoing);
  const request = { ...outgoing.request, ...(ifLast !== undefined && { if_last: ifLast }) };
  // Kept before it leaves: posted again, it must be the same request.
  replace(key, (each) => ({ ...each, request, state: 'posting' }));
  try {
    const { send_id: sendId, data, state } = await api.send(request, key);
    const messageIds = data.message_ids ?? (data.message_id === undefined ? [] : [data.message_id]);
    replace(key, (each) => ({
      ...each,
      sendId,
      messageIds,
      parts: Math.max(1, messageIds.length),
      state: state ? 'accepted' : 'sent',
    }));
    if (state) await watch(key);
    else settled(conversationId);
  } catch (error) {
    afterTrouble(outgoing, error);
  }
}

function afterTrouble({ key, conversationId }: Outgoing, error: unknown): void {
  const isPassing =
    error instanceof NoAnswer ||
    (error instanceof ApiError &&
      (error.status === 401 || error.status === 429 || error.code === 'unreadable_answer'));
  if (isPassing) {
    // Whether it arrived does not matter: the key makes a second post the same send.
    replace(key, (each) => ({ ...each, state: 'waiting' }));
    const pauseMs = (error instanceof ApiError && error.retryAfterMs) || retryMs;
    setTimeout(() => pump(conversationId), pauseMs);
    return;
  }
  const code = error instanceof ApiError ? error.code : 'internal_error';
  const canBeSentAgain = error instanceof ApiError && error.status >= 500 && code !== 'outcome_unknown';
  replace(key, (each) => withTrouble(each, 'failed', { code, message: messageOf(error), canBeSentAgain }));
  settled(conversationId);
}

const watching = new Set<string>();

/** Asks what became of a send until that is known. */
async function watch(key: string): Promise<void> {
  if (watching.has(key)) return;
  watching.add(key);
  try {
    for (let pauseMs = watchMs / 2; ; pauseMs = watchMs) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const outgoing = outgoingStore.get().find((each) => each.key === key);
      if (!outgoing?.sendId || isSettled(outgoing)) return;
      const send = await api.sendState(outgoing.sendId).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) throw error;
        return undefined;
      });
      if (send) replace(key, (each) => withSend(each, send));
      const after = outgoingStore.get().find((each) => each.key === key);
      if (!after || isSettled(after)) return settled(outgoing.conversationId);
    }
  } catch {
    // Signed out: it goes on after signing in.
  } finally {
    watching.delete(key);
  }
}

function settled(conversationId: string): void {
  refreshThread();
  refreshList();
  pump(conversationId);
}

function replace(key: string, edit: (outgoing: Outgoing) => Outgoing): void {
  outgoingStore.update((all) => all.map((each) => (each.key === key ? edit(each) : each)));
}
