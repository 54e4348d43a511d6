import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText } from '../../../functions/send-message/split-text.ts';
import { textsOf } from '../../../functions/send-message/text-limit.ts';

const graphemesOf = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

/** Texts with and without spaces, of every script, with what people write in chats. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.constantFrom(
        '👩‍👩‍👧',
        '🇸🇪',
        'e\u0301',
        'สวัสดีครับ',
        '你好吗',
        'क्षि',
        '\r\n',
        ' ',
        '\u00a0',
        '\u3000',
        'Donaudampfschiff',
      ),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
const limit = fc.integer({ min: 4, max: 120 });

describe('a split text', () => {
  test('gives the text back apart from the spaces at the cuts, in parts within the limit', () => {
    fc.assert(
      fc.property(text, limit, (whole, maxBytes) => {
        let place = 0;
        for (const part of splitText(whole, maxBytes)) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(maxBytes);
          expect(part.trim()).not.toBe('');
          while (
            !whole.startsWith(part, place) &&
            whole.slice(place, place + 1).trim() === '' &&
            place < whole.length
          ) {
            place += 1;
          }
          expect(whole.startsWith(part, place)).toBe(true);
          place += part.length;
        }
        expect(whole.slice(place).trim()).toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('has every grapheme whole, unless it alone is longer than a part', () => {
    fc.assert(
      fc.property(text, limit, (whole, maxBytes) => {
        fc.pre(graphemesOf(whole).every((grapheme) => Buffer.byteLength(grapheme) <= maxBytes));
        const visible = (graphemes: readonly string[]) => graphemes.filter((each) => each.trim() !== '');
        expect(visible(splitText(whole, maxBytes).flatMap(graphemesOf))).toEqual(visible(graphemesOf(whole)));
      }),
      { numRuns: 500 },
    );
  });

  test('has every word whole where all words fit', () => {
    const words = fc.array(fc.stringMatching(/^[a-zåäö]{1,20}[.,!]?$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, fc.integer({ min: 84, max: 200 }), (all, maxBytes) => {
        expect(splitText(all.join(' '), maxBytes).flatMap((part) => part.split(' '))).toEqual(all);
      }),
    );
  });
});

test.each([
  ['at the last space', 'one two three', 9, ['one two', 'three']],
  ['behind punctuation', 'one, two', 5, ['one,', 'two']],
  ['between words that have no space', '你好。再见', 9, ['你好。', '再见']],
  [
    'before a link that fits a part',
    'see https://a.example/b-c-d-e',
    26,
    ['see', 'https://a.example/b-c-d-e'],
  ],
  ['within a link that fits none', 'see https://a.example/b', 18, ['see https://', 'a.example/b']],
  ['within a word that is too long', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ['not within a family', '👩‍👩‍👧👩‍👩‍👧', 20, ['👩‍👩‍👧', '👩‍👩‍👧']],
  ['within a grapheme that is longer than a part', `e${'\u0301'.repeat(3)}`, 4, ['e\u0301', '\u0301\u0301']],
  ['leaving spaces out', 'one    \n\n  two', 4, ['one', 'two']],
  ['without a part of spaces alone', `${' '.repeat(9)}one`, 4, ['one']],
])('it is cut %s', (_where, whole, maxBytes, parts) => {
  expect(splitText(whole, maxBytes)).toEqual(parts);
});

test('a text that one message holds is not split, and one that is goes by either limit of Meta', () => {
  expect(textsOf('x'.repeat(1000), true)).toEqual(['x'.repeat(1000)]);
  expect(textsOf('x'.repeat(1001), false)).toEqual(['x'.repeat(1001)]);
  expect(textsOf('x'.repeat(1001), true).map(({ length }) => length)).toEqual([999, 2]);
});
