import { explainGraphError } from '../instagram/graph-error-catalogue.ts';
import { GraphError } from '../instagram/graph-errors.ts';
import type { Usage } from '../instagram/usage.ts';

export interface Throttle {
  /** Whether the limit is that of all calls, or that of the API that was called. */
  readonly which: 'all' | 'one_api';
  readonly holdMs: number;
}

/** The limit of one API is one a second; 613 without it, and the other codes, are the app's or the account's. MP §7 */
const ofOneApi = { code: 613, subcode: 2534040 };
const ofOneApiMs = 5_000;
/** Meta names no time after which it takes calls again, unless in a header. MP §8.2 */
const throttledMs = 60_000;
const longestMs = 60 * 60_000;

/** How long nobody calls after this refusal; undefined when it is of no limit. */
export function throttleOf(cause: unknown): Throttle | undefined {
  if (!(cause instanceof GraphError)) return undefined;
  const { code, error_subcode } = cause.details;
  if (explainGraphError(code, error_subcode).status !== 429) return undefined;
  if (code === ofOneApi.code && error_subcode === ofOneApi.subcode) {
    return { which: 'one_api', holdMs: ofOneApiMs };
  }
  return { which: 'all', holdMs: Math.min(cause.usage.regainMs || throttledMs, longestMs) };
}

/** From here on, in percent of the allowance, calls are spread out so far that Meta need not say no. */
const slowdowns = [
  { percent: 100, holdMs: throttledMs },
  { percent: 95, holdMs: 5_000 },
  { percent: 90, holdMs: 1_000 },
  { percent: 80, holdMs: 250 },
] as const;

/** How long the next call waits, by what Meta tells of its allowance beside an answer. */
export function slowedBy({ percent, regainMs }: Usage): number {
  const { holdMs = 0 } = slowdowns.find((each) => percent >= each.percent) ?? {};
  return percent >= 100 && regainMs > 0 ? Math.min(regainMs, longestMs) : holdMs;
}
