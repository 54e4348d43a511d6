import { expect, test } from 'vitest';
import { choose } from '../../../functions/list-conversations/choose.ts';
import type {
  ConversationReader,
  Place,
  StoredConversation,
} from '../../../shared/conversations/conversation-reader.ts';
import { timelineKey } from '../../../shared/conversations/summary.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';

const nowMs = 1_760_000_000_000;
const dayMs = 24 * 60 * 60 * 1000;

/** The newest first; number n was active n seconds ago, and the customer wrote last, unless it was answered. */
const inboxOf = (size: number, isAnswered: (n: number) => boolean = () => false) =>
  Array.from({ length: size }, (_, n): StoredConversation => {
    const atMs = nowMs - n * 1000;
    return {
      accountId: 'A1' as AccountId,
      customerId: String(n) as CustomerId,
      aliases: [],
      summary: {
        activityKey: timelineKey(atMs, `m${n}`),
        lastInAtMs: isAnswered(n) ? atMs - 1 : atMs,
        ...(isAnswered(n) && { lastOutAtMs: atMs }),
      },
    };
  });

/** A reader of this inbox, and how many conversations it gave out. */
function readerOf(all: readonly StoredConversation[]) {
  const given = { count: 0 };
  const inbox = async (limit: number, place: Place = {}) => {
    const isAfter = 'after' in place;
    const within = all.filter(({ summary: { activityKey } }) =>
      isAfter ? activityKey > place.after : place.before === undefined || activityKey < place.before,
    );
    const nearest = (isAfter ? within.toReversed() : within).slice(0, limit);
    const last = nearest.at(-1);
    given.count += nearest.length;
    return {
      items: isAfter ? nearest.toReversed() : nearest,
      ...(within.length > limit && last && { next: last.summary.activityKey }),
    };
  };
  return { reader: { inbox } as unknown as ConversationReader, given };
}

async function chooseAll(all: readonly StoredConversation[], filter: 'unread' | 'closing_soon') {
  const { reader, given } = readerOf(all);
  const ids: number[] = [];
  const warnings = new Set<string>();
  let [pages, mostGiven] = [0, 0];
  let cursor: string | undefined;
  do {
    given.count = 0;
    const page = await choose(reader, { limit: 100, filter, ...(cursor !== undefined && { cursor }) }, nowMs);
    ids.push(...page.items.map(({ customerId }) => Number(customerId)));
    for (const warning of page.warnings ?? []) warnings.add(warning);
    pages += 1;
    mostGiven = Math.max(mostGiven, given.count);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { ids, pages, mostGiven, warnings: [...warnings] };
}

test('unread reads 5,000 a call, and goes on where it ended', async () => {
  const { ids, pages, mostGiven } = await chooseAll(
    inboxOf(12_000, (n) => n !== 0 && n !== 11_999),
    'unread',
  );
  expect(ids).toEqual([0, 11_999]);
  expect(pages).toBe(3);
  expect(mostGiven).toBeLessThanOrEqual(5_250);
});

test('unread shows everybody once', async () => {
  const { ids } = await chooseAll(
    inboxOf(1_000, (n) => n % 3 === 0),
    'unread',
  );
  expect(ids).toEqual(Array.from({ length: 1_000 }, (_, n) => n).filter((n) => n % 3 !== 0));
});

test('closing_soon sorts 10,000 of a day', async () => {
  const { ids, mostGiven, warnings } = await chooseAll(inboxOf(10_000), 'closing_soon');
  expect(ids).toEqual(Array.from({ length: 10_000 }, (_, n) => 9_999 - n));
  expect({ mostGiven, warnings }).toEqual({ mostGiven: 10_000, warnings: [] });
});

test('closing_soon beyond that keeps those that close first, and says so', async () => {
  const { ids, warnings } = await chooseAll(inboxOf(10_500), 'closing_soon');
  expect(ids).toEqual(Array.from({ length: 10_000 }, (_, n) => 10_499 - n));
  expect(warnings).toHaveLength(1);
});

test('closing_soon reads nothing that is older than a day', async () => {
  const withinADay = dayMs / 1000;
  const all = inboxOf(withinADay + 500).slice(withinADay - 10);
  const { ids, mostGiven } = await chooseAll(all, 'closing_soon');
  expect(ids).toHaveLength(10);
  expect(mostGiven).toBeLessThanOrEqual(11);
});
