import type { ConversationEvent } from './conversation-event.ts';
import { type CustomerAct, windowOpeners } from './window-openers.ts';

/**
 * What the inbox shows of a conversation without reading its messages. Every member is a maximum over the
 * events seen, in Meta's time. It holds no text: an unsend would have to reach it too.
 */
export interface Summary {
  /** The newest message: its time and mid in one sortable string. */
  readonly activityKey?: string;
  /** The customer's newest act that opened the reply window. */
  readonly lastInAtMs?: number;
  readonly lastOutAtMs?: number;
  /** The customer's newest act of which no source says whether it opens the window. */
  readonly maybeOpenedAtMs?: number;
  /** The team's read mark. */
  readonly readByUsAtMs?: number;
  /** The customer's. */
  readonly readByThemAtMs?: number;
  /** When Meta last refused a send because its window was closed. */
  readonly refusedAtMs?: number;
}

export const summaryRegisters = [
  'activityKey',
  'lastInAtMs',
  'lastOutAtMs',
  'maybeOpenedAtMs',
  'readByUsAtMs',
  'readByThemAtMs',
  'refusedAtMs',
] as const satisfies readonly (keyof Summary)[];

/** An event that claims to be later than this past its receipt moves no maximum: no later one could pass it. */
export const maxAheadMs = 10 * 60 * 1000;

/** Kinds that are shown in their conversation, and put it into no inbox. */
const quietKinds: ReadonlySet<CustomerAct> = new Set(['comment', 'handover', 'history_start', 'unreadable']);

/** What one event adds to its conversation's summary; nothing when its time is unknown or impossible. */
export function summaryOf(event: ConversationEvent, receivedAtMs: number): Summary {
  if (!event.time || event.time.atMs > receivedAtMs + maxAheadMs) return {};
  const { atMs } = event.time;
  switch (event.type) {
    case 'seen':
      return { readByThemAtMs: atMs };
    case 'reaction':
      return openedBy('reaction', atMs);
    case 'edit':
      return event.direction === 'in' ? openedBy('edit', atMs) : {};
    case 'unsend':
    case 'own_reaction':
      return {};
    case 'message':
      return summaryOfMessage(event.content.kind, event.direction, atMs, event.messageId);
    case 'graph':
    case 'send': {
      const { state } = event;
      // Graph's reading of a deleted message still says when it was sent.
      const kind = state.content?.value.kind ?? 'unreadable';
      return state.direction ? summaryOfMessage(kind, state.direction, atMs, event.messageId) : {};
    }
  }
}

function summaryOfMessage(kind: CustomerAct, direction: 'in' | 'out', atMs: number, mid: string): Summary {
  const activity = quietKinds.has(kind) ? {} : { activityKey: timelineKey(atMs, mid) };
  return { ...activity, ...(direction === 'out' ? { lastOutAtMs: atMs } : openedBy(kind, atMs)) };
}

function openedBy(act: CustomerAct, atMs: number): Summary {
  const { opens } = windowOpeners[act];
  if (opens === 'no') return {};
  return opens === 'yes' ? { lastInAtMs: atMs } : { maybeOpenedAtMs: atMs };
}

/** Register by register the greater of the two. */
export function mergeSummaries(a: Summary, b: Summary): Summary {
  return Object.fromEntries(
    summaryRegisters.flatMap((name) => {
      const [x, y] = [a[name], b[name]];
      if (x === undefined && y === undefined) return [];
      return [[name, x === undefined || (y !== undefined && y > x) ? y : x]];
    }),
  );
}

const timeDigits = 13;

/** Sorts messages by time, then mid: a total order that pages can continue from. */
export function timelineKey(atMs: number, mid: string): string {
  return `${String(atMs).padStart(timeDigits, '0')}#${mid}`;
}

export function readTimelineKey(key: string): { atMs: number; mid: string } {
  return { atMs: Number(key.slice(0, timeDigits)), mid: key.slice(timeDigits + 1) };
}
