import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  httpUrl,
  isEmojiOnly,
  oneLine,
  textParts,
} from '../../../../../functions/inbox/page/thread/text-parts.ts';

const shown = (text: string) =>
  textParts(text).map((part) =>
    part.type === 'hidden' ? `<${part.name}>` : part.type === 'link' ? [part.href] : part.text,
  );

describe('a text', () => {
  test('that is markup or code is text', () => {
    const hostile = '<img src=x onerror=alert(1)> javascript:alert(1) data:text/html,x';
    expect(shown(hostile)).toEqual([hostile]);
  });

  test.each([
    ['See https://example.com/a?b=c.', ['See ', ['https://example.com/a?b=c'], '.']],
    ['(https://example.com/x)', ['(', ['https://example.com/x'], ')']],
    ['https://en.example.org/wiki/A_(b)', [['https://en.example.org/wiki/A_(b)']]],
    ['HTTP://EXAMPLE.COM ok', [['http://example.com/'], ' ok']],
    ['https://', ['https://']],
  ])('%s', (text, parts) => {
    expect(shown(text)).toEqual(parts);
  });

  test.each([
    ['a\u202Egnp.exe', ['a', '<U+202E>', 'gnp.exe']],
    ['zero\u200Bwidth', ['zero', '<U+200B>', 'width']],
    ['\u2066x\u2069', ['<U+2066>', 'x', '<U+2069>']],
    ['bell\u0007', ['bell', '<U+0007>']],
    ['a\u200D', ['a', '<U+200D>']],
    ['line\nbreak\ttab', ['line\nbreak\ttab']],
  ])('marks what would not be seen: %j', (text, parts) => {
    expect(shown(text)).toEqual(parts);
  });

  test.each(['👩‍👩‍👧', '🏳️‍🌈', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'می‌خواهم', '👋🏽', '❤️‍🔥'])(
    'leaves the joiners that belong to it: %s',
    (text) => {
      expect(shown(text)).toEqual([text]);
    },
  );

  test('a link ends before a character that would not be seen', () => {
    expect(shown('https://example.com/\u202Egnp')).toEqual([['https://example.com/'], '<U+202E>', 'gnp']);
  });

  test('nothing of it is lost, and every link leads to the web', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const parts = textParts(text);
        const kept = parts
          .map((part) =>
            part.type === 'hidden'
              ? String.fromCodePoint(Number.parseInt(part.name.slice(2), 16))
              : part.text,
          )
          .join('');
        expect(kept).toBe(text);
        const elsewhere = parts.filter((part) => part.type === 'link' && !/^https?:/.test(part.href));
        expect(elsewhere).toEqual([]);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

test.each([
  ['https://example.com', 'https://example.com/'],
  ['http://127.0.0.1:3001/media/1', 'http://127.0.0.1:3001/media/1'],
  ['javascript:alert(1)', undefined],
  ['data:image/svg+xml,<svg/>', undefined],
  ['blob:https://example.com/1', undefined],
  ['//example.com', undefined],
  ['', undefined],
])('httpUrl(%s)', (text, url) => {
  expect(httpUrl(text)).toBe(url);
});

test('one line has no breaks, nothing hidden, and an end', () => {
  expect(oneLine(' a\n\u202E b ')).toBe('a b');
  expect(oneLine('abcdef', 4)).toBe('abc…');
  expect(oneLine('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 8)).toBe('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧');
});

test.each([
  ['🎉', true],
  ['🎉🎉🎉', true],
  ['🎉🎉🎉🎉', false],
  ['ok 🎉', false],
  ['7', false],
  ['', false],
])('isEmojiOnly(%s) is %s', (text, is) => {
  expect(isEmojiOnly(text)).toBe(is);
});
