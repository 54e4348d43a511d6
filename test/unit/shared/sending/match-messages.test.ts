import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchAll } from '../../../../shared/sending/match-messages.ts';

const expected = fc.record({
  content: fc.constantFrom('a', 'b'),
  fromMs: fc.integer({ min: 0, max: 20 }),
  length: fc.integer({ min: 0, max: 10 }),
});
const message = fc.record({ content: fc.constantFrom('a', 'b'), atMs: fc.integer({ min: 0, max: 30 }) });

test('each message once, each within its time, and no one is served before a rival that goes without', () => {
  fc.assert(
    fc.property(
      fc.array(expected, { maxLength: 6 }),
      fc.array(message, { maxLength: 6 }),
      (spans, messages) => {
        const wanted = spans.map(({ length, ...span }) => ({ ...span, toMs: span.fromMs + length }));
        const pairs = matchAll(wanted, messages);
        expect(new Set(pairs.map(([, each]) => each)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([each]) => each)).size).toBe(pairs.length);
        const fits = (span: (typeof wanted)[number], each: (typeof messages)[number]) =>
          span.content === each.content && span.fromMs <= each.atMs && each.atMs <= span.toMs;
        for (const [span, each] of pairs) expect(fits(span, each)).toBe(true);
        const served = new Set(pairs.map(([span]) => span));
        const unserved = wanted.filter((span) => !served.has(span));
        for (const [, each] of pairs) expect(unserved.some((span) => fits(span, each))).toBe(false);
      },
    ),
  );
});

test('whose time ends first gets the message that both could have', () => {
  const [long, short] = [
    { content: 'a', fromMs: 0, toMs: 100 },
    { content: 'a', fromMs: 0, toMs: 10 },
  ];
  const [early, late] = [
    { content: 'a', atMs: 5 },
    { content: 'a', atMs: 50 },
  ];
  expect(matchAll([long, short], [late, early])).toEqual([
    [short, early],
    [long, late],
  ]);
});
