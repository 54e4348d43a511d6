import type { Summary } from './summary.ts';

/**
 * Whether the business may write to a customer now. Only the customer's own events open the window, never the
 * business's. https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
 */
export interface ReplyWindow {
  readonly state: 'open' | 'human_agent' | 'closed' | 'never_opened' | 'unknown';
  readonly openedAtMs?: number;
  readonly expiresAtMs?: number;
  readonly reason: ReplyWindowReason;
}

export type ReplyWindowReason =
  | 'customer_wrote'
  | 'human_agent_allowed'
  | 'window_expired'
  | 'customer_never_wrote'
  /** The customer did something of which no page of Meta's says whether it opens the window. */
  | 'customer_acted'
  | 'meta_refused';

const hourMs = 60 * 60 * 1000;
const standardMs = 24 * hourMs;
const humanAgentMs = 7 * 24 * hourMs;

export function replyWindow(
  conversation: Pick<Summary, 'lastInAtMs' | 'maybeOpenedAtMs' | 'refusedAtMs'>,
  nowMs: number,
  humanAgent: boolean,
): ReplyWindow {
  const { lastInAtMs, maybeOpenedAtMs = 0, refusedAtMs } = conversation;
  const newestActAtMs = Math.max(lastInAtMs ?? 0, maybeOpenedAtMs);
  const isRefused = refusedAtMs !== undefined && refusedAtMs >= newestActAtMs;
  const isUncertain = !isRefused && nowMs < maybeOpenedAtMs + standardMs;
  if (lastInAtMs === undefined) {
    return isUncertain
      ? uncertain(maybeOpenedAtMs)
      : { state: 'never_opened', reason: 'customer_never_wrote' };
  }
  const openedAtMs = lastInAtMs;
  if (isRefused) return { state: 'closed', openedAtMs, reason: 'meta_refused' };
  const standardEndMs = openedAtMs + standardMs;
  if (nowMs < standardEndMs) {
    return { state: 'open', openedAtMs, expiresAtMs: standardEndMs, reason: 'customer_wrote' };
  }
  if (isUncertain) return uncertain(maybeOpenedAtMs);
  const humanAgentEndMs = openedAtMs + humanAgentMs;
  if (humanAgent && nowMs < humanAgentEndMs) {
    return { state: 'human_agent', openedAtMs, expiresAtMs: humanAgentEndMs, reason: 'human_agent_allowed' };
  }
  return { state: 'closed', openedAtMs, expiresAtMs: standardEndMs, reason: 'window_expired' };
}

function uncertain(actedAtMs: number): ReplyWindow {
  return {
    state: 'unknown',
    openedAtMs: actedAtMs,
    expiresAtMs: actedAtMs + standardMs,
    reason: 'customer_acted',
  };
}
