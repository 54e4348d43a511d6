import { describe, expect, test } from 'vitest';
import type { Send } from '../../../../../functions/inbox/page/api/shapes.ts';
import {
  afterReload,
  forgetSent,
  lastSeen,
  newestUnshown,
  nextToPost,
  notYetShown,
  type Outgoing,
  withoutOthers,
  withSend,
  withTrouble,
} from '../../../../../functions/inbox/page/composer/outgoing.ts';
import { messageOf } from '../conversation-of.ts';

const nowMs = Date.UTC(2026, 10, 25, 9);
const outgoing = (key: string, more: Partial<Outgoing> = {}): Outgoing => ({
  key,
  conversationId: 'c',
  request: { recipient_id: '1', message: key, if_last: 'seen' },
  writtenAt: new Date(nowMs).toISOString(),
  state: 'waiting',
  ...more,
});
const send = (state: Send['state'], more: Partial<Send> = {}): Send => ({
  send_id: 's',
  state,
  sent_by: { name: 'Jo', kind: 'human' },
  accepted_at: '2026-11-25T09:00:00.000Z',
  messages: [{ message_id: 'm1', sent_at: '2026-11-25T09:00:00.000Z' }],
  parts: 1,
  ...more,
});

test('what was written under another API key is not posted under this one', () => {
  const all = [
    outgoing('a', { by: 'mine' }),
    outgoing('b', { by: 'theirs' }),
    outgoing('c'),
    outgoing('d', { by: 'theirs', state: 'accepted' }),
  ];
  expect(withoutOthers(all, 'mine', 'Look first.').map(({ state }) => state)).toEqual([
    'waiting',
    'unknown',
    'unknown',
    'accepted',
  ]);
  expect(withoutOthers(all.slice(0, 1), 'mine', '')).toHaveLength(1);
});

describe('the line of a conversation', () => {
  test('one is posted after the other', () => {
    expect(nextToPost([outgoing('a', { state: 'accepted' }), outgoing('b')], 'c')).toBeUndefined();
    expect(nextToPost([outgoing('a', { state: 'sent' }), outgoing('b')], 'c')?.key).toBe('b');
    expect(nextToPost([outgoing('a', { state: 'failed' }), outgoing('b')], 'c')?.key).toBe('b');
    expect(
      nextToPost([outgoing('a', { conversationId: 'd', state: 'posting' }), outgoing('b')], 'c')?.key,
    ).toBe('b');
  });

  test('what was written behind our own message saw that one', () => {
    const first = outgoing('a', { state: 'sent', messageIds: ['m1', 'm2'] });
    const second = outgoing('b', { behind: 'a' });
    expect(lastSeen([first, second], second)).toBe('m2');
    expect(lastSeen([{ ...first, state: 'failed' }, second], second)).toBe('seen');
    expect(lastSeen([second], second)).toBe('seen');
  });

  test('what was written after the thread had moved on saw the thread', () => {
    const first = outgoing('a', { state: 'sent', messageIds: ['m1'] });
    expect(newestUnshown([first], 'c', [])).toBe('a');
    expect(newestUnshown([first], 'c', [messageOf('m1')])).toBeUndefined();
    expect(newestUnshown([first], 'd', [])).toBeUndefined();
    expect(newestUnshown([outgoing('a', { state: 'failed' })], 'c', [])).toBeUndefined();
    const later = outgoing('b', { request: { recipient_id: '1', message: 'b', if_last: 'm2' } });
    expect(lastSeen([first, later], later)).toBe('m2');
  });

  test('what was sent is let go after a while, what failed never', () => {
    const sent = outgoing('a', { state: 'sent' });
    const failed = outgoing('b', { state: 'failed' });
    expect(forgetSent([sent, failed], nowMs + 119_000)).toEqual([sent, failed]);
    expect(forgetSent([sent, failed], nowMs + 121_000)).toEqual([failed]);
  });
});

describe('what became of it', () => {
  test.each([
    ['accepted', 'accepted'],
    ['sending', 'accepted'],
    ['sent', 'sent'],
    ['confirmed', 'sent'],
    ['read', 'sent'],
  ] as const)('%s is %s', (state, shown) => {
    expect(withSend(outgoing('a'), send(state))).toMatchObject({
      state: shown,
      messageIds: ['m1'],
      parts: 1,
    });
  });

  test('a failure keeps the words of the gateway, and whether the same key sends it again', () => {
    const error = { status: 502, code: 'meta_not_reached', error: 'Try again.', can_be_sent_again: true };
    expect(withSend(outgoing('a'), send('failed', { error }))).toMatchObject({
      state: 'failed',
      trouble: { code: 'meta_not_reached', message: 'Try again.', canBeSentAgain: true },
    });
  });

  test('an answer in between, and an outcome that nobody knows, are no plain failures', () => {
    const trouble = (code: string) => ({ code, message: '', canBeSentAgain: false });
    expect(withTrouble(outgoing('a'), 'failed', trouble('answered_meanwhile')).state).toBe(
      'answered_meanwhile',
    );
    expect(withTrouble(outgoing('a'), 'failed', trouble('outcome_unknown')).state).toBe('unknown');
  });
});

describe('a bubble on its way', () => {
  const sentBy = { name: 'Jo', kind: 'human' as const, send_id: 's' };

  test('goes when the thread has the message', () => {
    const sent = outgoing('a', { state: 'sent', sendId: 's', messageIds: ['m1'], parts: 1 });
    expect(notYetShown([sent], [])).toEqual([sent]);
    expect(notYetShown([sent], [messageOf('m1')])).toEqual([]);
    const accepted = outgoing('a', { state: 'accepted', sendId: 's' });
    expect(notYetShown([accepted], [messageOf('m9', { sent_by: sentBy })])).toEqual([]);
  });

  test('of several messages goes with the last one', () => {
    const sent = outgoing('a', { state: 'sent', sendId: 's', messageIds: ['m1', 'm2'], parts: 2 });
    const one = messageOf('m1', { sent_by: sentBy });
    expect(notYetShown([sent], [one])).toEqual([sent]);
    expect(notYetShown([sent], [one, messageOf('m2', { sent_by: sentBy })])).toEqual([]);
  });

  test('that failed stays until somebody decides; an unknown one goes when an echo confirms it', () => {
    const failed = outgoing('a', { state: 'failed', sendId: 's' });
    const unknown = outgoing('b', { state: 'unknown', sendId: 's' });
    const echo = messageOf('m1', { sent_by: sentBy });
    expect(notYetShown([failed], [echo])).toEqual([failed]);
    expect(notYetShown([unknown], [])).toEqual([unknown]);
    expect(notYetShown([unknown], [echo])).toEqual([]);
  });
});

describe('after a reload', () => {
  test('what had no answer is posted again under its key; an old one waits for a person', () => {
    const stored = [
      outgoing('posting', { state: 'posting' }),
      outgoing('accepted', { state: 'accepted' }),
      outgoing('sent', { state: 'sent' }),
      outgoing('old', { writtenAt: new Date(nowMs - 11 * 60_000).toISOString() }),
    ];
    expect(afterReload(stored, nowMs, 'Too old.')).toMatchObject([
      { key: 'posting', state: 'waiting' },
      { key: 'accepted', state: 'accepted' },
      { key: 'old', state: 'failed', trouble: { message: 'Too old.', canBeSentAgain: true } },
    ]);
  });
});
