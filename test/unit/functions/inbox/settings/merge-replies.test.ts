import { expect, test } from 'vitest';
import { mergeReplies, toEdited } from '../../../../../functions/inbox/page/settings/merge-replies.ts';

const reply = (id: string, text: string, title = id) => ({ id, title, text });
const base = [reply('a', 'old'), reply('b', 'old'), reply('c', 'old')];
const edited = (...texts: readonly (string | undefined)[]) =>
  base.flatMap((each, place) => {
    const text = texts[place];
    return text === undefined ? [] : [{ ...toEdited(each), text }];
  });
const wordsOf = (...args: Parameters<typeof mergeReplies>) =>
  mergeReplies(...args).map(({ id, text, theirs }) => [id, text, theirs?.text]);

test('what was not touched here is as the other left it', () => {
  const theirs = [reply('a', 'new'), reply('b', 'old'), reply('c', 'old'), reply('d', 'added')];
  expect(wordsOf(base, edited('old', 'old', 'old'), theirs)).toEqual([
    ['a', 'new', undefined],
    ['b', 'old', undefined],
    ['c', 'old', undefined],
    ['d', 'added', undefined],
  ]);
});

test('what was typed here stays, beside what the other made of the same', () => {
  const theirs = [reply('a', 'theirs'), reply('b', 'old'), reply('c', 'old')];
  expect(wordsOf(base, edited('mine', 'mine', 'old'), theirs)).toEqual([
    ['a', 'mine', 'theirs'],
    ['b', 'mine', undefined],
    ['c', 'old', undefined],
  ]);
});

test('both wrote the same: there is nothing to choose', () => {
  expect(wordsOf([reply('a', 'old')], edited('same'), [reply('a', 'same')])).toEqual([
    ['a', 'same', undefined],
  ]);
});

test('what was removed here stays removed, unless the other changed it', () => {
  const theirs = [reply('a', 'old'), reply('b', 'new'), reply('c', 'old')];
  expect(wordsOf(base, edited(undefined, undefined, 'old'), theirs)).toEqual([
    ['b', 'new', undefined],
    ['c', 'old', undefined],
  ]);
});

test('what the other removed is gone, unless it was changed here: then it is a new one', () => {
  expect(wordsOf(base, edited('old', 'mine', 'old'), [reply('c', 'old')])).toEqual([
    ['c', 'old', undefined],
    [undefined, 'mine', undefined],
  ]);
});

test('a new one stays, and a choice that was open is made anew', () => {
  const open = { ...toEdited(reply('a', 'mine')), theirs: reply('a', 'first of theirs') };
  const added = { key: 'k', title: 'New', text: 'new' };
  expect(wordsOf([reply('a', 'first of theirs')], [open, added], [reply('a', 'second of theirs')])).toEqual([
    ['a', 'mine', 'second of theirs'],
    [undefined, 'new', undefined],
  ]);
});
