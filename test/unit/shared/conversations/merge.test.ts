import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from '../../../../shared/conversations/merge.ts';
import { type MessageState, stateHash, stateOf } from '../../../../shared/conversations/message-state.ts';
import { timeRanks } from '../../../../shared/instagram/event-time.ts';
import {
  type AddressedEvent,
  type MessageEvent,
  parseDeliveredItem,
} from '../../../../shared/instagram/webhook-events.ts';
import { echoItem, messageItem } from '../../../builders/webhook.ts';

type Event = AddressedEvent;

const anyEvent: fc.Arbitrary<Event> = fc
  .record({
    isEcho: fc.boolean(),
    standby: fc.boolean(),
    isUnsend: fc.boolean(),
    timestamp: fc.constantFrom<number | string>(1760000000123, 1760000000124, '1760000000', 'never'),
    text: fc.constantFrom('first', 'second', 'ä😀', ''),
    url: fc.constantFrom(undefined, 'https://cdn.example/1', 'https://cdn.example/2'),
  })
  .map(({ isEcho, standby, isUnsend, timestamp, text, url }) => {
    const message = {
      mid: 'm1',
      ...(isUnsend ? { is_deleted: true } : { text }),
      ...(url !== undefined && { attachments: [{ type: 'image', payload: { url } }] }),
    };
    const item = (isEcho ? echoItem : messageItem)(message, { timestamp });
    const event = parseDeliveredItem({ field: 'messages', standby, item });
    if (event.type === 'other') throw new Error('The builder made no message');
    return event;
  });

const stateAfter = (events: readonly Event[]): MessageState => events.map(stateOf).reduce(merge);

describe('merge', () => {
  test('is commutative', () => {
    fc.assert(
      fc.property(anyEvent, anyEvent, (a, b) => {
        expect(stateHash(merge(stateOf(a), stateOf(b)))).toBe(stateHash(merge(stateOf(b), stateOf(a))));
      }),
    );
  });

  test('is associative', () => {
    fc.assert(
      fc.property(anyEvent, anyEvent, anyEvent, (a, b, c) => {
        const [x, y, z] = [stateOf(a), stateOf(b), stateOf(c)];
        expect(stateHash(merge(merge(x, y), z))).toBe(stateHash(merge(x, merge(y, z))));
      }),
    );
  });

  test('is idempotent', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), (events) => {
        const state = stateAfter(events);
        expect(stateHash(merge(state, state))).toBe(stateHash(state));
      }),
    );
  });

  test('any order, any repetition, the same state', () => {
    const shuffled = fc.array(anyEvent, { minLength: 1, maxLength: 6 }).chain((events) =>
      fc.record({
        events: fc.constant(events),
        delivered: fc
          .shuffledSubarray([...events, ...events, ...events], { minLength: events.length })
          .map((some) => [...some, ...events]),
        order: fc.infiniteStream(fc.nat()),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ events, delivered, order }) => {
        const reordered = delivered
          .map((event) => ({ event, place: order.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ event }) => event);
        expect(stateHash(stateAfter(reordered))).toBe(stateHash(stateAfter(events)));
      }),
      { numRuns: 1000 },
    );
  });

  test('an unsent message keeps no content, whatever comes after', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), (events) => {
        const state = stateAfter(events);
        if (!events.some(({ type }) => type === 'unsend')) return;
        expect(state.deletedAtMs).toBeDefined();
        expect(state).not.toHaveProperty('text');
        expect(state).not.toHaveProperty('content');
      }),
    );
  });

  test('a more exact time replaces a less exact one, the earliest wins among equals', () => {
    const at = (timestamp: number | string, overrides = {}) => {
      const item = messageItem({ mid: 'm1', text: 'x' }, { timestamp });
      return stateOf(
        parseDeliveredItem({ field: 'messages', standby: false, item, ...overrides }) as MessageEvent,
      );
    };
    const seconds = at('1760000000');
    const exact = at(1760000000999);
    expect(merge(seconds, exact).sentAt).toEqual({ atMs: 1760000000999, rank: 'webhook_ms' });
    expect(merge(exact, at(1760000000500)).sentAt?.atMs).toBe(1760000000500);
    expect(merge(at('never', { entryTime: 1759000000 }), seconds).sentAt?.rank).toBe('webhook_seconds');
    expect(timeRanks.indexOf('webhook_ms')).toBe(timeRanks.length - 1);
  });
});
