const minute = 60;
const hour = 60 * minute;

/**
 * How long an event waits after each failed try, in seconds: a short outage costs seconds, one of a day loses nothing.
 * 31 tries in 24 hours; then it is a dead letter.
 */
export const retryDelaysSeconds: readonly number[] = [
  5,
  30,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  ...Array.from({ length: 23 }, () => hour),
];

/** An endpoint may ask for more time than it would get, up to this much. */
const longestAskedSeconds = hour;

/** @param retryAfter the header of the endpoint's answer, in seconds or as a date. */
export function retryDelay(tries: number, retryAfter: string | null, nowMs: number): number {
  const planned = retryDelaysSeconds[Math.min(tries, retryDelaysSeconds.length) - 1] ?? hour;
  return Math.max(planned, Math.min(askedSeconds(retryAfter, nowMs), longestAskedSeconds));
}

function askedSeconds(retryAfter: string | null, nowMs: number): number {
  if (retryAfter === null) return 0;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const atMs = Date.parse(retryAfter);
  return Number.isNaN(atMs) ? 0 : (atMs - nowMs) / 1000;
}
