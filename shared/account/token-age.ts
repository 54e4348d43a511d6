import { tokenMark } from '../instagram/token-mark.ts';
import type { Observations } from './health-store.ts';
import type { CheckInput } from './seen.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** How long a token of Instagram login is used before it is refreshed: seven weeks of its 60 days are left then. */
export const refreshAfterMs = 7 * dayMs;
/** Three daily attempts later something keeps it from being refreshed. */
const overdueAfterMs = refreshAfterMs + 3 * dayMs;

/** A token of Instagram login that should have been refreshed by now. */
export interface Overdue {
  readonly sinceMs: number;
  readonly wasRefreshed: boolean;
}

/** `undefined` for one that was refreshed lately, is here for a short while only, or has no end. */
export function refreshOverdue(input: CheckInput): Overdue | undefined {
  const secret = input.connection.graph;
  const sinceMs = usedSinceMs(input);
  if (!secret || sinceMs === undefined || input.nowMs - sinceMs < overdueAfterMs) return undefined;
  return { sinceMs, wasRefreshed: secret.refreshed_at !== undefined };
}

/** When it was refreshed, else when a check saw it first: only its owner knows how old it was then. */
function usedSinceMs({ connection, observed, nowMs }: CheckInput): number | undefined {
  const secret = connection.graph;
  if (secret?.login !== 'instagram') return undefined;
  if (secret.refreshed_at !== undefined) return secret.refreshed_at * 1000;
  return observed.tokenMark === tokenMark(secret) ? observed.tokenSeenAtMs : nowMs;
}

/** What the next check needs to know of a token that nobody has refreshed yet; empty when it is known already. */
export function observeToken({
  connection,
  observed,
  nowMs,
}: CheckInput): Pick<Observations, 'tokenMark' | 'tokenSeenAtMs'> {
  const secret = connection.graph;
  if (secret?.login !== 'instagram' || secret.refreshed_at !== undefined) return {};
  const mark = tokenMark(secret);
  return observed.tokenMark === mark ? {} : { tokenMark: mark, tokenSeenAtMs: nowMs };
}
