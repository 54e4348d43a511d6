import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mergeSummaries,
  readTimelineKey,
  type Summary,
  summaryOf,
  timelineKey,
} from '../../../../shared/conversations/summary.ts';
import { type MessageEvent, parseDeliveredItem } from '../../../../shared/instagram/webhook-events.ts';
import { echoItem, messageItem } from '../../../builders/webhook.ts';

const event = (item: unknown) =>
  parseDeliveredItem({ field: 'messages', standby: false, item }) as MessageEvent;
const atMs = 1760000000123;

describe('summaryOf', () => {
  test("a customer's message", () => {
    expect(summaryOf(event(messageItem({ mid: 'm1', text: 'x' })), atMs)).toEqual({
      activityKey: '1760000000123#m1',
      lastInAtMs: atMs,
    });
  });

  test('an echo counts as ours, so it never opens the reply window', () => {
    expect(summaryOf(event(echoItem({ mid: 'm2', text: 'x' })), atMs)).toEqual({
      activityKey: '1760000000123#m2',
      lastOutAtMs: atMs,
    });
  });

  test('a time more than ten minutes ahead of the receipt moves nothing', () => {
    const early = atMs - 10 * 60 * 1000;
    expect(summaryOf(event(messageItem({ mid: 'm1' })), early)).toHaveProperty('lastInAtMs', atMs);
    expect(summaryOf(event(messageItem({ mid: 'm1' })), early - 1)).toEqual({});
  });
});

const anySummary: fc.Arbitrary<Summary> = fc.record(
  {
    activityKey: fc.nat(99).map((n) => timelineKey(n, 'm')),
    lastInAtMs: fc.nat(9),
    lastOutAtMs: fc.nat(9),
    readByUsAtMs: fc.nat(9),
    refusedAtMs: fc.nat(9),
  },
  { requiredKeys: [] },
);

test('mergeSummaries is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(anySummary, anySummary, anySummary, (a, b, c) => {
      expect(mergeSummaries(a, b)).toEqual(mergeSummaries(b, a));
      expect(mergeSummaries(mergeSummaries(a, b), c)).toEqual(mergeSummaries(a, mergeSummaries(b, c)));
      expect(mergeSummaries(a, a)).toEqual(a);
    }),
  );
});

test('timelineKey sorts by time, then mid', () => {
  const keys = [timelineKey(999, 'z'), timelineKey(1760000000123, 'a'), timelineKey(1760000000123, 'b')];
  expect([...keys].reverse().sort()).toEqual(keys);
  expect(readTimelineKey(timelineKey(1760000000123, 'a#b'))).toEqual({ atMs: 1760000000123, mid: 'a#b' });
});
