import type { Conversation, ReplyWindow } from '../api/shapes.ts';

type Windowed = Pick<Conversation, 'can_reply' | 'reply_window'>;

export type WindowNow =
  | { readonly state: 'open' | 'human_agent' | 'unknown'; readonly leftMs: number | undefined }
  | { readonly state: 'closed' | 'never_opened'; readonly reason: ReplyWindow['reason'] };

/** The reply window as it is now: it ends by itself between two answers of the gateway. */
export function windowNow({ reply_window: window }: Windowed, nowMs: number): WindowNow {
  const { state, reason, expires_at } = window;
  if (state === 'closed' || state === 'never_opened') return { state, reason };
  const leftMs = expires_at === undefined ? undefined : Date.parse(expires_at) - nowMs;
  if (leftMs !== undefined && leftMs <= 0) return { state: 'closed', reason: 'window_expired' };
  return { state, leftMs };
}

/** Whether a message may be tried: of an unknown window Meta decides. */
export function mayWrite(window: WindowNow): boolean {
  return window.state === 'open' || window.state === 'human_agent' || window.state === 'unknown';
}
