import { describe, expect, test } from 'vitest';
import { withDraft } from '../../../../../functions/inbox/page/composer/drafts.ts';
import { lengthOf } from '../../../../../functions/inbox/page/composer/length.ts';
import {
  filledIn,
  insertReply,
  matchingReplies,
  slashQuery,
} from '../../../../../functions/inbox/page/composer/saved-reply-text.ts';

describe('the length', () => {
  test('counts bytes, and cuts where the gateway cuts', () => {
    expect(lengthOf('Malmö 😀')).toMatchObject({
      bytes: 11,
      limit: 1000,
      parts: ['Malmö 😀'],
      isTooLong: false,
    });
    expect(lengthOf('a'.repeat(1000)).parts).toHaveLength(1);
    const split = lengthOf(`${'word '.repeat(200)}end`);
    expect(split.parts).toHaveLength(2);
    expect(split.parts.join(' ')).toBe(`${'word '.repeat(200)}end`);
  });

  test('more than twenty messages are too long', () => {
    expect(lengthOf('a'.repeat(20 * 999)).isTooLong).toBe(false);
    expect(lengthOf('a'.repeat(20 * 999 + 1)).isTooLong).toBe(true);
    expect(lengthOf('a'.repeat(1_000_000))).toMatchObject({ parts: [], isTooLong: true });
  });
});

describe('a saved reply', () => {
  test.each([
    ['/', 1, ''],
    ['/sh', 3, 'sh'],
    ['Hello\n/sh', 9, 'sh'],
    ['Hello /sh', 9, undefined],
    ['/sh ip', 6, undefined],
    ['and/or', 6, undefined],
    ['http://', 7, undefined],
  ])('%j with the caret at %d looks for %j', (text, caret, query) => {
    expect(slashQuery(text, caret)).toBe(query);
  });

  test('is found by title first, then by its words, without regard to accents', () => {
    const replies = [
      { id: '1', title: 'Hours', text: 'We ship on weekdays.' },
      { id: '2', title: 'Shipping', text: 'Two days.' },
      { id: '3', title: 'Señal', text: '' },
    ];
    expect(matchingReplies(replies, 'ship').map(({ id }) => id)).toEqual(['2', '1']);
    expect(matchingReplies(replies, 'senal').map(({ id }) => id)).toEqual(['3']);
    expect(matchingReplies(replies, '')).toHaveLength(3);
  });

  test('takes the place of the / and is filled in', () => {
    expect(insertReply('Hello\n/sh tail', 9, 'We ship.')).toEqual({
      text: 'Hello\nWe ship. tail',
      caret: 14,
    });
    expect(filledIn('Hi {name}, bye {name}', { id: '1', name: 'Zoë Keller' })).toBe('Hi Zoë, bye Zoë');
    expect(filledIn('Hi {name}!', { id: '1', name: '$& Jo', username: 'x' })).toBe('Hi $&!');
    expect(filledIn('Hi {name}!', { id: '1' })).toBe('Hi!');
  });
});

test('an empty draft is none', () => {
  expect(withDraft({}, 'c', { text: 'a' })).toEqual({ c: { text: 'a' } });
  expect(withDraft({ c: { text: 'a' } }, 'c', { text: '' })).toEqual({});
  const replyTo = { id: 'm', excerpt: 'x' };
  expect(withDraft({}, 'c', { text: '', replyTo })).toEqual({ c: { text: '', replyTo } });
});
