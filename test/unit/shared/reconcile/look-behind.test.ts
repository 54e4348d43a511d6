import { describe, expect, test, vi } from 'vitest';
import type { MessageState } from '../../../../shared/conversations/message-state.ts';
import type { MessageId } from '../../../../shared/instagram/ids.ts';
import type { GraphThreads, MessageNode } from '../../../../shared/reconcile/graph-threads.ts';
import { lookBehind } from '../../../../shared/reconcile/look-behind.ts';

const startMs = Date.parse('2026-01-05T10:00:00Z');
const atMs = (second: number) => startMs + second * 1000;
/** `m<n>` was written in second n. */
const node = (n: number): MessageNode => ({
  id: `m${n}`,
  created_time: new Date(atMs(n)).toISOString().replace('.000Z', '+0000'),
});
const nodes = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, place) => node(from - place));

const stored: MessageState = {
  via: ['messaging'],
  sentAt: { atMs: 1, rank: 'webhook_ms' },
  content: { value: { kind: 'text' }, rank: 'messaging' },
};
const { sentAt: _, ...withoutTime } = stored;

/** Looks behind the two newest of the messages m<newest> … m1, in pages of `perPage`. */
async function look(
  newest: number,
  known: Readonly<Record<string, MessageState>>,
  options: { lookedUpToMs?: number; isImport?: boolean } = {},
  perPage = 4,
) {
  const all = nodes(newest, 1);
  const messageIds = vi.fn<GraphThreads['messageIds']>(async (_: string, after = '0') => {
    const start = Number(after);
    const end = start + perPage;
    return { nodes: all.slice(start, end), ...(end < all.length && { next: String(end) }) };
  });
  const find = async (mid: MessageId) => known[mid];
  const { gaps, hasOlder } = await lookBehind({ messageIds }, 't', all.slice(0, 2), find, {
    isImport: false,
    ...options,
  });
  return { gaps: gaps.map(({ id }) => id), hasOlder, pages: messageIds.mock.calls.length };
}

describe('lookBehind', () => {
  test('nothing is missing where all is stored', async () => {
    const known = { m1: stored, m2: stored, m3: stored };
    expect(await look(5, known)).toEqual({ gaps: [], hasOlder: false, pages: 2 });
  });

  test('what is not stored although something older is, was missed', async () => {
    expect(await look(7, { m2: stored, m4: stored })).toMatchObject({ gaps: ['m5', 'm3'], hasOlder: true });
  });

  test('what is older than all that is stored is history', async () => {
    expect(await look(9, {})).toMatchObject({ gaps: [], hasOlder: true });
  });

  test('what is known without its time or its content is missing', async () => {
    const known: Readonly<Record<string, MessageState>> = { m5: withoutTime, m4: { via: [] }, m3: stored };
    expect(await look(7, known)).toMatchObject({ gaps: ['m5', 'm4'] });
  });

  test('what came since the last look was missed, also in the second that it saw last', async () => {
    expect(await look(12, {}, { lookedUpToMs: atMs(7) })).toEqual({
      gaps: ['m10', 'm9', 'm8', 'm7'],
      hasOlder: false,
      pages: 2,
    });
  });

  test('it goes back to the last look, however much came since; at the first look it ends somewhere', async () => {
    expect((await look(2000, {}, { lookedUpToMs: atMs(100) }, 100)).gaps).toHaveLength(1899);
    expect((await look(2000, {}, {}, 100)).pages).toBe(6);
    expect((await look(2000, {}, { isImport: true }, 100)).pages).toBe(20);
  });
});
