import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from '../../../../shared/conversations/merge.ts';
import { messageItem, readMessageState } from '../../../../shared/conversations/message-item.ts';
import { type MessageState, stateHash, stateOf } from '../../../../shared/conversations/message-state.ts';
import { mergeSummaries, summaryOf } from '../../../../shared/conversations/summary.ts';
import { timeRanks } from '../../../../shared/instagram/event-time.ts';
import { type AddressedEvent, parseDeliveredItem } from '../../../../shared/instagram/webhook-events.ts';
import { carriedEvent, deliveriesOf, eventOf } from '../../../builders/conversation-events.ts';
import { messageItem as deliveredMessage } from '../../../builders/webhook.ts';

/** All about one message, so that any two can be merged. */
const anyState = carriedEvent.map((carried) => stateOf(eventOf(carried)));

const receivedAtMs = 1760000010000;

/** What is stored of a conversation after these events: a state for each message, and the summary. */
function storedAfter(events: readonly ReturnType<typeof eventOf>[]): Record<string, string> {
  const states = new Map<string, MessageState>();
  for (const event of events) {
    const before = states.get(event.messageId);
    states.set(event.messageId, before ? merge(before, stateOf(event)) : stateOf(event));
  }
  const summary = events.map((event) => summaryOf(event, receivedAtMs)).reduce(mergeSummaries, {});
  return {
    summary: JSON.stringify(summary),
    ...Object.fromEntries([...states].map(([mid, state]) => [mid, stateHash(state)])),
  };
}

describe('merge', () => {
  test('is commutative', () => {
    fc.assert(
      fc.property(anyState, anyState, (a, b) => {
        expect(stateHash(merge(a, b))).toBe(stateHash(merge(b, a)));
      }),
      { numRuns: 2000 },
    );
  });

  test('is associative', () => {
    fc.assert(
      fc.property(anyState, anyState, anyState, (a, b, c) => {
        expect(stateHash(merge(merge(a, b), c))).toBe(stateHash(merge(a, merge(b, c))));
      }),
      { numRuns: 2000 },
    );
  });

  test('is idempotent', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 1, maxLength: 4 }), (states) => {
        const state = states.reduce(merge);
        expect(stateHash(merge(state, state))).toBe(stateHash(state));
      }),
    );
  });

  test('any order, repetition and number of events of every kind: the same stored conversation', () => {
    const sample = fc
      .array(carriedEvent, { minLength: 1, maxLength: 12 })
      .map((carried) => carried.map(eventOf))
      .chain((events) => fc.record({ events: fc.constant(events), arrived: deliveriesOf(events) }));
    fc.assert(
      fc.property(sample, ({ events, arrived }) => {
        expect(storedAfter(arrived)).toEqual(storedAfter(events));
      }),
      { numRuns: 5000 },
    );
  });

  test('any batching: merging a batch first changes nothing', () => {
    const sample = fc.record({
      states: fc.array(anyState, { minLength: 1, maxLength: 10 }),
      size: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(sample, ({ states, size }) => {
        const batches = states.flatMap((_, n) => (n % size === 0 ? [states.slice(n, n + size)] : []));
        expect(stateHash(batches.map((batch) => batch.reduce(merge)).reduce(merge))).toBe(
          stateHash(states.reduce(merge)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('an unsent message keeps no content, whatever comes after', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 1, maxLength: 5 }), (states) => {
        const state = states.reduce(merge);
        if (!states.some(({ deletedAtMs }) => deletedAtMs !== undefined)) return;
        expect(state.deletedAtMs).toBeDefined();
        for (const name of ['text', 'content', 'editedAtMs', 'customerReaction', 'businessReaction']) {
          expect(state).not.toHaveProperty(name);
        }
      }),
    );
  });

  test('what is stored is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 1, maxLength: 5 }), (states) => {
        const state = states.reduce(merge);
        const item = messageItem({ accountId: 'a', customerId: 'c' } as never, 'm1' as never, state);
        expect(stateHash(readMessageState(item))).toBe(stateHash(state));
      }),
    );
  });
});

describe('which of two wins', () => {
  const deliver = (part: Record<string, unknown>, timestamp: number | string, more = {}) => {
    const item = { ...deliveredMessage({}, { timestamp }), message: undefined, ...part };
    return stateOf(
      parseDeliveredItem({ field: 'messages', standby: false, item, ...more }) as AddressedEvent,
    );
  };
  const sent = (text: string, timestamp: number | string, more = {}) =>
    deliver({ message: { mid: 'm1', text } }, timestamp, more);
  const edited = (text: string, timestamp: number, num_edit: number) =>
    deliver({ message_edit: { mid: 'm1', text, num_edit } }, timestamp);
  const reacted = (action: string, timestamp: number, reaction?: string) =>
    deliver({ reaction: { mid: 'm1', action, ...(reaction && { reaction }) } }, timestamp);

  test('a more exact time replaces a less exact one, the earliest among equals', () => {
    const seconds = sent('x', '1760000000');
    const exact = sent('x', 1760000000999);
    expect(merge(seconds, exact).sentAt).toEqual({ atMs: 1760000000999, rank: 'webhook_ms' });
    expect(merge(exact, sent('x', 1760000000500)).sentAt?.atMs).toBe(1760000000500);
    expect(merge(sent('x', 'never', { entryTime: 1759000000 }), seconds).sentAt?.rank).toBe(
      'webhook_seconds',
    );
    expect(timeRanks.indexOf('webhook_ms')).toBe(timeRanks.length - 1);
  });

  test('the latest edit, also when it comes before the message', () => {
    const [first, second] = [edited('b', 1760000002000, 1), edited('c', 1760000003000, 2)];
    const state = [second, sent('a', 1760000001000), first].reduce(merge);
    expect(state.text?.value).toBe('c');
    expect(state.editedAtMs).toBe(1760000003000);
  });

  test('an edit is no time of the message, so one alone is in no timeline', () => {
    expect(edited('b', 1760000002000, 1)).not.toHaveProperty('sentAt');
  });

  test('edit number 0 claims no text', () => {
    expect(edited('b', 1760000002000, 0)).not.toHaveProperty('text');
  });

  test('the latest reaction; at the same time its removal', () => {
    const love = reacted('react', 1760000004000, 'love');
    expect(merge(love, reacted('unreact', 1760000004000)).customerReaction?.value).toBeNull();
    expect(merge(love, reacted('react', 1760000005000, 'sad')).customerReaction?.value).toEqual({
      name: 'sad',
    });
    expect(merge(reacted('unreact', 1760000003000), love).customerReaction?.value).toEqual({ name: 'love' });
  });

  test('the first time that it was seen', () => {
    const seen = (atMs: number) => deliver({ read: { mid: 'm1' } }, atMs);
    expect(merge(seen(1760000009000), seen(1760000008000)).readAtMs).toBe(1760000008000);
  });
});
