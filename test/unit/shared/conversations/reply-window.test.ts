import { expect, test } from 'vitest';
import { replyWindow } from '../../../../shared/conversations/reply-window.ts';

const hourMs = 3_600_000;
const wroteAtMs = 1760000000000;

test.each([
  ['just wrote', { lastInAtMs: wroteAtMs }, 0, false, 'open', 'customer_wrote'],
  ['a moment before 24 h', { lastInAtMs: wroteAtMs }, 24 * hourMs - 1, false, 'open', 'customer_wrote'],
  ['24 h', { lastInAtMs: wroteAtMs }, 24 * hourMs, false, 'closed', 'window_expired'],
  ['24 h, human agent', { lastInAtMs: wroteAtMs }, 24 * hourMs, true, 'human_agent', 'human_agent_allowed'],
  ['7 days, human agent', { lastInAtMs: wroteAtMs }, 168 * hourMs, true, 'closed', 'window_expired'],
  ['never wrote', {}, 0, true, 'never_opened', 'customer_never_wrote'],
  [
    'Meta refused since',
    { lastInAtMs: wroteAtMs, refusedAtMs: wroteAtMs },
    1,
    false,
    'closed',
    'meta_refused',
  ],
  [
    'wrote since Meta refused',
    { lastInAtMs: wroteAtMs, refusedAtMs: wroteAtMs - 1 },
    1,
    false,
    'open',
    'customer_wrote',
  ],
  ['only reacted', { maybeOpenedAtMs: wroteAtMs }, 1, false, 'unknown', 'customer_acted'],
  [
    'reacted a day ago',
    { maybeOpenedAtMs: wroteAtMs },
    24 * hourMs,
    false,
    'never_opened',
    'customer_never_wrote',
  ],
  [
    'reacted after the window had ended',
    { lastInAtMs: wroteAtMs, maybeOpenedAtMs: wroteAtMs + 25 * hourMs },
    26 * hourMs,
    false,
    'unknown',
    'customer_acted',
  ],
  [
    'Meta refused after the reaction',
    { maybeOpenedAtMs: wroteAtMs, lastInAtMs: wroteAtMs - 48 * hourMs, refusedAtMs: wroteAtMs },
    1,
    false,
    'closed',
    'meta_refused',
  ],
])('%s', (_what, conversation, laterMs, humanAgent, state, reason) => {
  expect(replyWindow(conversation, wroteAtMs + laterMs, humanAgent)).toMatchObject({ state, reason });
});
