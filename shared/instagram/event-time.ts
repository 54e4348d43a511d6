import type { DeliveredItem } from './webhook-envelope.ts';

/** How exact a time is, best last: a better one replaces a worse one. */
export const timeRanks = ['entry', 'send_date', 'graph', 'webhook_seconds', 'webhook_ms'] as const;
export type TimeRank = (typeof timeRanks)[number];

export interface EventTime {
  readonly atMs: number;
  readonly rank: TimeRank;
}

/** Meta's time of an event; the time of its envelope, which is when it was sent, only as a last resort. */
export function timeOf(delivered: DeliveredItem, item: Record<string, unknown>): EventTime | undefined {
  const own = epochMs(item.timestamp);
  if (own) return { atMs: own.atMs, rank: own.unit === 'ms' ? 'webhook_ms' : 'webhook_seconds' };
  const entry = epochMs(delivered.entryTime);
  return entry && { atMs: entry.atMs, rank: 'entry' };
}

/** Graph's `created_time`, such as `2025-07-28T22:44:49+0000`. */
export function graphTime(value: unknown): EventTime | undefined {
  const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return atMs >= earliestMs && atMs < latestMs ? { atMs, rank: 'graph' } : undefined;
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
