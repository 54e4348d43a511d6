import { describe, expect, test } from 'vitest';
import { initialsOf, nameOf, toneOf } from '../../../../../functions/inbox/page/conversations/name-of.ts';
import { mayWrite, windowNow } from '../../../../../functions/inbox/page/conversations/window-now.ts';

const endMs = Date.UTC(2026, 10, 25, 12);
const open = {
  can_reply: true,
  reply_window: { state: 'open', reason: 'customer_wrote', expires_at: new Date(endMs).toISOString() },
} as const;

describe('the reply window', () => {
  test('counts down and ends by itself', () => {
    expect(windowNow(open, endMs - 1)).toEqual({ state: 'open', leftMs: 1 });
    expect(windowNow(open, endMs)).toEqual({ state: 'closed', reason: 'window_expired' });
    expect(mayWrite(windowNow(open, endMs - 1))).toBe(true);
    expect(mayWrite(windowNow(open, endMs))).toBe(false);
  });

  test.each([
    ['closed', 'meta_refused', false],
    ['never_opened', 'customer_never_wrote', false],
    ['unknown', 'customer_acted', true],
    ['human_agent', 'human_agent_allowed', true],
  ] as const)('%s (%s): may write %s', (state, reason, may) => {
    expect(mayWrite(windowNow({ can_reply: may, reply_window: { state, reason } }, endMs))).toBe(may);
  });
});

describe('a name', () => {
  test.each([
    [{ id: '1', name: 'Zoë Keller', username: 'zoe' }, 'Zoë Keller', 'ZK'],
    [{ id: '1', username: 'lin_wei' }, 'lin_wei', 'LW'],
    [{ id: '1', name: '林伟' }, '林伟', '林'],
    [{ id: '1', name: '  ' }, 'Unknown User', '?'],
    [{ id: '1' }, 'Unknown User', '?'],
  ])('%j', (participant, name, initials) => {
    expect(nameOf(participant, 'Unknown User')).toBe(name);
    expect(initialsOf(participant)).toBe(initials);
  });

  test('has the same colour each time', () => {
    expect(toneOf('123456789')).toBe(toneOf('123456789'));
    expect(new Set(Array.from({ length: 60 }, (_, id) => toneOf(String(id)))).size).toBeGreaterThan(3);
  });
});
