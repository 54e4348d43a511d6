import type { Message, Page } from '../api/shapes.ts';

/** The messages of one conversation, oldest first, as far back as was scrolled. */
export interface ThreadState {
  readonly messages: readonly Message[];
  /** Leads to what is older; absent at the beginning. */
  readonly cursor?: string | undefined;
  readonly isLoaded: boolean;
}

export const emptyThread: ThreadState = { messages: [], isLoaded: false };

/**
 * The newest page, asked for again and again. What it tells replaces what was known; older messages stay. Where it
 * does not reach down to what was known, messages may be missing between them, so the older ones are dropped and
 * loaded again by scrolling.
 */
export function mergeNewest(thread: ThreadState, page: Page<Message>): ThreadState {
  const fresh = [...page.data].reverse();
  const freshIds = new Set(fresh.map(({ id }) => id));
  const firstKnown = thread.messages.findIndex(({ id }) => freshIds.has(id));
  if (firstKnown === -1 || page.cursor === undefined) {
    return { messages: fresh, cursor: page.cursor, isLoaded: true };
  }
  const oldest = fresh[0];
  const older = thread.messages.filter(
    (message) => !freshIds.has(message.id) && oldest !== undefined && isBefore(message, oldest),
  );
  return { ...thread, messages: keepSame(thread.messages, [...older, ...fresh]), isLoaded: true };
}

/** The page above the oldest known message. */
export function prependOlder(thread: ThreadState, page: Page<Message>): ThreadState {
  const known = new Set(thread.messages.map(({ id }) => id));
  const older = [...page.data].reverse().filter(({ id }) => !known.has(id));
  return { ...thread, messages: [...older, ...thread.messages], cursor: page.cursor };
}

/** Leaves the newest, for a thread that was closed: its older ones are loaded again when they are wanted. */
export function newestOnly(thread: ThreadState, count: number): ThreadState {
  // Without a cursor for the cut the thread would seem to begin here.
  return thread.messages.length <= count ? thread : emptyThread;
}

/** Shows a reaction of ours before the gateway tells it. */
export function withReaction(
  thread: ThreadState,
  id: string,
  emoji: string | undefined,
  at: string,
): ThreadState {
  const messages = thread.messages.map((message): Message => {
    if (message.id !== id) return message;
    const others = (message.reactions ?? []).filter(({ by }) => by !== 'business');
    const reactions = emoji === undefined ? others : [...others, { by: 'business' as const, emoji, at }];
    return { ...message, reactions };
  });
  return { ...thread, messages };
}

function isBefore(message: Message, oldest: Message): boolean {
  return (message.sent_at ?? '') <= (oldest.sent_at ?? '');
}

/** Messages that did not change stay the same objects, so that their bubbles are not drawn again. */
function keepSame(known: readonly Message[], messages: readonly Message[]): readonly Message[] {
  const before = new Map(known.map((message) => [message.id, message]));
  return messages.map((message) => {
    const same = before.get(message.id);
    return same && (same === message || JSON.stringify(same) === JSON.stringify(message)) ? same : message;
  });
}
