/**
 * Whether the business may write to a customer now. Only the customer's own events open the window, never the
 * business's. https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
 */
export interface ReplyWindow {
  readonly state: 'open' | 'human_agent' | 'closed' | 'never_opened';
  readonly openedAtMs?: number;
  readonly expiresAtMs?: number;
  readonly reason: ReplyWindowReason;
}

export type ReplyWindowReason =
  | 'customer_wrote'
  | 'human_agent_allowed'
  | 'window_expired'
  | 'customer_never_wrote'
  | 'meta_refused';

const hourMs = 60 * 60 * 1000;
const standardMs = 24 * hourMs;
const humanAgentMs = 7 * 24 * hourMs;

export function replyWindow(
  conversation: { readonly lastInAtMs?: number; readonly refusedAtMs?: number },
  nowMs: number,
  humanAgent: boolean,
): ReplyWindow {
  const { lastInAtMs, refusedAtMs } = conversation;
  if (lastInAtMs === undefined) return { state: 'never_opened', reason: 'customer_never_wrote' };
  const openedAtMs = lastInAtMs;
  if (refusedAtMs !== undefined && refusedAtMs >= lastInAtMs) {
    return { state: 'closed', openedAtMs, reason: 'meta_refused' };
  }
  const standardEndMs = openedAtMs + standardMs;
  if (nowMs < standardEndMs) {
    return { state: 'open', openedAtMs, expiresAtMs: standardEndMs, reason: 'customer_wrote' };
  }
  const humanAgentEndMs = openedAtMs + humanAgentMs;
  if (humanAgent && nowMs < humanAgentEndMs) {
    return { state: 'human_agent', openedAtMs, expiresAtMs: humanAgentEndMs, reason: 'human_agent_allowed' };
  }
  return { state: 'closed', openedAtMs, expiresAtMs: standardEndMs, reason: 'window_expired' };
}
