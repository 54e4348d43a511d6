import { expect, test } from 'vitest';
import { isLookedAt, newsIn, titleOf } from '../../../../../functions/inbox/page/notify/news.ts';
import { conversationOf, messageOf } from '../conversation-of.ts';

const rowsOf = (...conversations: ReturnType<typeof conversationOf>[]) =>
  Object.fromEntries(conversations.map((each) => [each.id, each]));
const known = rowsOf(conversationOf('a', 10), conversationOf('b', 20));
const news = (...after: ReturnType<typeof conversationOf>[]) =>
  newsIn(known, { ...known, ...rowsOf(...after) }).map(({ id }) => id);

test('a newer message of a customer is news', () => {
  expect(news(conversationOf('a', 30))).toEqual(['a']);
  expect(news(conversationOf('new', 30))).toEqual(['new']);
});

test('what was there at the first look, or comes by scrolling, is none', () => {
  expect(newsIn({}, known)).toEqual([]);
  expect(news(conversationOf('old', 5))).toEqual([]);
});

test('our own echo, a message that a colleague has read, or an unsend is none', () => {
  const sent_at = '2026-11-25T09:30:00.000Z';
  expect(
    news(conversationOf('a', 30, { last_message: messageOf('x', { direction: 'out', sent_at }) })),
  ).toEqual([]);
  expect(news(conversationOf('a', 30, { unread: false }))).toEqual([]);
  const before = messageOf('before', { sent_at: '2026-11-25T09:01:00.000Z' });
  expect(news(conversationOf('a', 10, { last_message: before }))).toEqual([]);
});

test('the thread that is looked at needs no notice', () => {
  expect(isLookedAt('a', 'a', true)).toBe(true);
  expect(isLookedAt('a', 'a', false)).toBe(false);
  expect(isLookedAt('a', 'b', true)).toBe(false);
});

test('the title counts', () => {
  expect(titleOf(0, true, 'Inbox')).toBe('Inbox');
  expect(titleOf(3, false, 'Inbox')).toBe('(3) Inbox');
  expect(titleOf(50, true, 'Inbox')).toBe('(50+) Inbox');
});
