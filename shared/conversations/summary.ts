import type { MessageEvent } from '../instagram/webhook-events.ts';

/**
 * What the inbox shows of a conversation without reading its messages. Every member is a maximum over the
 * events seen, in Meta's time. It holds no text: an unsend would have to reach it too.
 */
export interface Summary {
  /** The newest message: its time and mid in one sortable string. */
  readonly activityKey?: string;
  readonly lastInAtMs?: number;
  readonly lastOutAtMs?: number;
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
  'readByUsAtMs',
  'readByThemAtMs',
  'refusedAtMs',
] as const satisfies readonly (keyof Summary)[];

/** An event that claims to be later than this past its receipt moves no maximum: no later one could pass it. */
export const maxAheadMs = 10 * 60 * 1000;

/** What one message adds to its conversation's summary; nothing when its time is unknown or impossible. */
export function summaryOf(event: MessageEvent, receivedAtMs: number): Summary {
  if (!event.time || event.time.atMs > receivedAtMs + maxAheadMs) return {};
  const { atMs } = event.time;
  return {
    activityKey: timelineKey(atMs, event.messageId),
    ...(event.direction === 'in' ? { lastInAtMs: atMs } : { lastOutAtMs: atMs }),
  };
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
