import { describe, expect, test } from 'vitest';
import { type Choice, chooseReply } from '../../../functions/auto-reply/choose-reply.ts';
import { isAway } from '../../../functions/auto-reply/is-away.ts';
import { hasWord } from '../../../functions/auto-reply/match-keyword.ts';
import type { AutoReplyRules } from '../../../functions/auto-reply/rules.ts';
import type { StoredMessage } from '../../../shared/conversations/conversation-reader.ts';
import type { MessageState } from '../../../shared/conversations/message-state.ts';
import type { MessageId } from '../../../shared/instagram/ids.ts';

/** A Thursday, 08:53 UTC. */
const nowMs = 1760000000000;
const minutes = 60_000;

const rules: AutoReplyRules = {
  note: 'Automatic reply:',
  keywords: [
    { words: ['price', 'cost'], reply: 'See our page.' },
    { words: ['open'], reply: 'Nine to five.' },
  ],
  per_hour: 3,
  quiet_hours: 12,
};
const away = { reply: 'We are asleep.', time_zone: 'UTC', hours: [{ day: 4, from: 0, to: 9 * 60 }] };

function stored(state: Partial<MessageState>, agoMs = 0): StoredMessage {
  return {
    id: `m${agoMs}` as MessageId,
    timelineKey: '',
    state: { via: ['messaging'], sentAt: { atMs: nowMs - agoMs, rank: 0 } as never, ...state },
  };
}

const incoming = (text: string | undefined, state: Partial<MessageState> = {}, agoMs = 0) =>
  stored(
    {
      direction: 'in',
      ...(text !== undefined && { text: { value: text, version: [0, 0] } }),
      content: { value: { kind: 'text' }, rank: 'messaging' },
      ...state,
    },
    agoMs,
  );
const outgoing = (sentBy: MessageState['sentBy'], agoMs: number) =>
  stored({ direction: 'out', ...(sentBy && { sentBy }) }, agoMs);
const choose = (message: StoredMessage, thread: StoredMessage[] = [], with_: Partial<AutoReplyRules> = {}) =>
  chooseReply({ ...rules, ...with_ }, message, [message, ...thread], nowMs);
const silent = (reason: string): Choice => ({ silent: reason }) as Choice;

test('the first rule that has a word of the text answers, and says that it is automatic', () => {
  expect(choose(incoming('What does it COST, and when are you open?'))).toEqual({
    reply: 'Automatic reply:\nSee our page.',
    rule: 'See our page.',
  });
  expect(choose(incoming('Open today?'))).toMatchObject({ rule: 'Nine to five.' });
  expect(choose(incoming('Hello'))).toEqual(silent('no_rule'));
  expect(choose(incoming(undefined))).toEqual(silent('no_rule'));
});

test('within the away hours everything is answered, by its keyword first', () => {
  expect(choose(incoming('Hello'), [], { away })).toMatchObject({ rule: 'We are asleep.' });
  expect(choose(incoming(undefined), [], { away })).toMatchObject({ rule: 'We are asleep.' });
  expect(choose(incoming('price?'), [], { away })).toMatchObject({ rule: 'See our page.' });
  const mention = { content: { value: { kind: 'story_mention' }, rank: 'messaging' } } as const;
  expect(choose(incoming(undefined, mention), [], { away })).toEqual(silent('no_rule'));
  const later = { ...away, hours: [{ day: 4, from: 9 * 60, to: 10 * 60 }] };
  expect(choose(incoming('Hello'), [], { away: later })).toEqual(silent('no_rule'));
});

test.each<[string, StoredMessage]>([
  ['unsent', incoming('price?', { deletedAtMs: nowMs })],
  ['own_message', incoming('price?', { direction: 'out' })],
  [
    'own_message',
    incoming('price?', { content: { value: { kind: 'text', is_self: true }, rank: 'messaging' } }),
  ],
  ['held_by_another_app', incoming('price?', { via: ['standby'] })],
  ['too_late', incoming('price?', { via: ['graph'] })],
  ['too_late', incoming('price?', {}, 16 * minutes)],
  ['automatic_message', incoming('AUTOMATIC REPLY: what is the price?')],
  ['automatic_message', incoming('They say "See our page.", what is the price?')],
])('is silent: %s', (reason, message) => {
  expect(choose(message)).toEqual(silent(reason));
});

test('a message whose time nobody knows is not answered', () => {
  const { sentAt: _, ...state } = incoming('price?').state;
  expect(choose({ id: 'm' as MessageId, timelineKey: '', state })).toEqual(silent('too_late'));
});

test('what came by both ways is ours to answer', () => {
  expect(choose(incoming('price?', { via: ['standby', 'messaging'] }))).toHaveProperty('reply');
});

describe('a thread where somebody else answered', () => {
  const hours = 60 * minutes;
  test.each<[string, MessageState['sentBy']]>([
    ['in the Instagram app, or by another app', undefined],
    ['by a person with a key', { sendId: 's', name: 'inbox', kind: 'human' }],
    ['by another bot', { sendId: 's', name: 'bot', kind: 'bot' }],
  ])('is left alone for the quiet hours: %s', (_, sentBy) => {
    expect(choose(incoming('price?'), [outgoing(sentBy, 11 * hours)])).toEqual(silent('answered_lately'));
    expect(choose(incoming('price?'), [outgoing(sentBy, 13 * hours)])).toHaveProperty('reply');
  });

  test('may be one of our own, while nobody knows yet: then it is asked again', () => {
    const again = { againAfterSeconds: 20 };
    expect(choose(incoming('price?'), [outgoing(undefined, 1000)])).toEqual(again);
    expect(choose(incoming('price?'), [outgoing(undefined, 61_000)])).toEqual(silent('answered_lately'));
    const person = outgoing({ sendId: 's', name: 'inbox', kind: 'human' }, 2000);
    expect(choose(incoming('price?'), [outgoing(undefined, 1000), person])).toEqual(
      silent('answered_lately'),
    );
  });

  test('is no thread where only the auto-reply did', () => {
    const own = outgoing({ sendId: 's', name: 'auto-reply', kind: 'bot' }, minutes);
    expect(choose(incoming('price?'), [own])).toHaveProperty('reply');
  });
});

test.each([
  ['The PRICE?', 'price', true],
  ['prices', 'price', false],
  ['start', 'art', false],
  ['art start', 'art', true],
  ['start art', 'art', true],
  ['kaffeepreis', 'preis', false],
  ['Ｐｒｉｃｅ!', 'price', true],
  ['Größe?', 'größe', true],
  ['how much is it?', 'how much', true],
  ['价格多少', '价格', true],
  ['pizza🍕now', '🍕', true],
  ['size 42', '42', true],
  ['size 421', '42', false],
  ['c++ or c#', 'c++', true],
  ['', 'price', false],
])('in %j is %j a word: %j', (text, word, isThere) => {
  expect(hasWord(text, word)).toBe(isThere);
});

test.each([
  // Summer time in Berlin is two hours ahead of UTC, winter time one.
  ['2026-07-06T15:59:00Z', false],
  ['2026-07-06T16:00:00Z', true],
  ['2026-12-07T16:59:00Z', false],
  ['2026-12-07T17:00:00Z', true],
  // A day there is another one here.
  ['2026-07-06T22:30:00Z', false],
  ['2026-07-07T16:00:00Z', false],
])('Monday from 18:00 in Berlin, at %s: %j', (at, isThere) => {
  const rule = { reply: '', time_zone: 'Europe/Berlin', hours: [{ day: 1, from: 1080, to: 1440 }] };
  expect(isAway(rule, Date.parse(at))).toBe(isThere);
});
