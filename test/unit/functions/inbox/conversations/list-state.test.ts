import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../../../../functions/inbox/page/api/shapes.ts';
import {
  appendPage,
  changeRow,
  emptyList,
  idsOf,
  type ListState,
  mergeFirstPage,
  missingSegments,
  refillSegment,
  trimRows,
} from '../../../../../functions/inbox/page/conversations/list-state.ts';
import { conversationOf } from '../conversation-of.ts';

const page = (rows: readonly Conversation[], cursor?: string) => ({
  data: rows,
  ...(cursor !== undefined && { cursor }),
});
const rows = (...ids: readonly (readonly [string, number])[]) =>
  ids.map(([id, minute]) => conversationOf(id, minute));
const first = mergeFirstPage(emptyList, page(rows(['d', 40], ['c', 30]), 'after-c'), 'all');
const loaded = appendPage(first, page(rows(['b', 20], ['a', 10])));

describe('the list', () => {
  test('pages follow each other; the last one has no cursor', () => {
    expect(idsOf(loaded)).toEqual(['d', 'c', 'b', 'a']);
    expect(first.cursor).toBe('after-c');
    expect(loaded.cursor).toBeUndefined();
  });

  test('who writes moves up, once', () => {
    const list = mergeFirstPage(loaded, page(rows(['a', 50], ['d', 40]), 'after-d'), 'all');
    expect(idsOf(list)).toEqual(['a', 'd', 'c', 'b']);
    expect(list.rows.a?.last_activity_at).toContain('09:50');
  });

  test('a page that was loaded twice lists nobody twice', () => {
    const list = appendPage({ ...loaded, cursor: 'again' }, page(rows(['b', 20], ['z', 5])));
    expect(idsOf(list)).toEqual(['d', 'c', 'b', 'a', 'z']);
  });

  test('after a long sleep the list begins anew rather than with a gap', () => {
    const list = mergeFirstPage(loaded, page(rows(['y', 90], ['x', 80]), 'after-x'), 'all');
    expect(idsOf(list)).toEqual(['y', 'x']);
    expect(list.cursor).toBe('after-x');
  });

  test('who was answered leaves the unread; who was pushed out stays behind', () => {
    const unread = mergeFirstPage(
      emptyList,
      page(rows(['d', 40], ['c', 30], ['b', 20]), 'after-b'),
      'unread',
    );
    const list = mergeFirstPage(unread, page(rows(['e', 50], ['d', 40]), 'after-d'), 'unread');
    expect(idsOf(list)).toEqual(['e', 'd', 'c', 'b']);
    const answered = mergeFirstPage(unread, page(rows(['c', 30], ['b', 20]), 'after-b'), 'unread');
    expect(idsOf(answered)).toEqual(['c', 'b']);
  });

  test('closing soon goes by the end of the window', () => {
    const ends = (id: string, minute: number) => conversationOf(id, 0, { reply_window: windowTo(minute) });
    const soon = mergeFirstPage(emptyList, page([ends('a', 10), ends('b', 20)], 'x'), 'closing_soon');
    const list = mergeFirstPage(soon, page([ends('c', 15), ends('b', 20)], 'y'), 'closing_soon');
    expect(idsOf(list)).toEqual(['c', 'b']);
  });

  test('one page is the whole list', () => {
    expect(idsOf(mergeFirstPage(loaded, page(rows(['b', 60])), 'all'))).toEqual(['b']);
  });

  test('what is known better is shown at once', () => {
    expect(changeRow(loaded, 'a', { unread: false }).rows.a?.unread).toBe(false);
    expect(changeRow(loaded, 'nobody', { unread: false })).toBe(loaded);
  });
});

describe('memory', () => {
  const many = Array.from({ length: 40 }, (_, at) => at).reduce<ListState>((list, at) => {
    const data = rows([`${at}-0`, 0], [`${at}-1`, 0]);
    return at === 0
      ? mergeFirstPage(list, page(data, 'cursor 0'), 'all')
      : appendPage(list, page(data, `cursor ${at}`));
  }, emptyList);

  test('rows far from what is in view are dropped, their places stay', () => {
    const list = trimRows(many, 60, '5-0');
    expect(idsOf(list)).toHaveLength(80);
    expect(Object.keys(list.rows)).toHaveLength(2 + 7 * 2 + 1);
    expect(list.rows['5-0']).toBeDefined();
    expect(trimRows(list, 60, '5-0')).toBe(list);
  });

  test('what comes into view again is asked for by the cursor that led to it', () => {
    const list = trimRows(many, 60);
    expect(missingSegments(list, 60, 62)).toEqual([]);
    expect(missingSegments(list, 18, 21)).toEqual([9, 10]);
    expect(list.segments[9]?.cursor).toBe('cursor 8');
    const refilled = refillSegment(list, 9, page(rows(['9-1', 0], ['0-0', 0])));
    // One moved up meanwhile and stands there already.
    expect(refilled.segments[9]?.ids).toEqual(['9-1']);
    expect(missingSegments(refilled, 18, 18)).toEqual([]);
  });
});

test('whatever comes, nobody is listed twice and everybody of the newest page stands on top', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const somePage = fc.record({
    data: fc.uniqueArray(fc.tuple(id, fc.nat(59)), { selector: ([each]) => each, maxLength: 5 }),
    cursor: fc.option(fc.string(), { nil: undefined }),
    isFirst: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(somePage, { maxLength: 12 }), (pages) => {
      let list = emptyList;
      for (const { data, cursor, isFirst } of pages) {
        const given = page([...rows(...data)], cursor);
        list =
          isFirst || list.segments.length === 0
            ? mergeFirstPage(list, given, 'all')
            : appendPage(list, given);
        const ids = idsOf(list);
        expect(new Set(ids).size).toBe(ids.length);
        const top = isFirst ? data.map(([each]) => each) : [];
        expect(ids.slice(0, top.length)).toEqual(top);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

function windowTo(minute: number): Conversation['reply_window'] {
  const expires_at = new Date(Date.UTC(2026, 10, 25, 9, minute)).toISOString();
  return { state: 'open', reason: 'customer_wrote', expires_at };
}
