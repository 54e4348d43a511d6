import type { ListFilter } from '../api/api.ts';
import type { Conversation, Page } from '../api/shapes.ts';

/**
 * The conversations, as far as they were scrolled. The order of all that was seen is kept by id; the rows themselves
 * only around what is in view, so that memory does not grow with the way that was scrolled. What is missing is
 * fetched again by the cursor of its segment.
 */
export interface ListState {
  readonly segments: readonly Segment[];
  readonly rows: Readonly<Record<string, Conversation>>;
  /** Leads on from the last segment; absent at the end. */
  readonly cursor?: string | undefined;
  readonly warnings: readonly string[];
}

/** What one page brought. */
export interface Segment {
  /** Leads to this page; the first one has none. */
  readonly cursor?: string | undefined;
  readonly ids: readonly string[];
}

export const emptyList: ListState = { segments: [], rows: {}, warnings: [] };

/** Rows of so many segments on either side of what is in view are kept. */
const keptAround = 3;

export function idsOf({ segments }: ListState): readonly string[] {
  return segments.flatMap(({ ids }) => ids);
}

/** The newest page, asked for again and again: what moved up leaves its old place, what was pushed out stays behind it. */
export function mergeFirstPage(list: ListState, page: Page<Conversation>, filter: ListFilter): ListState {
  const [head, ...later] = list.segments;
  const fresh = new Set(page.data.map(({ id }) => id));
  const isContinued = page.cursor !== undefined && later.length + (head?.ids.length ?? 0) > 0;
  const isOverlapping = head?.ids.some((id) => fresh.has(id)) ?? false;
  if (!head || !isContinued || !isOverlapping) return listOf(page);
  const last = page.data.at(-1);
  const displaced = head.ids.filter((id) => {
    const row = list.rows[id];
    return !fresh.has(id) && row !== undefined && last !== undefined && isBehind(row, last, filter);
  });
  const [second, ...others] = later;
  const kept = (ids: readonly string[]) => ids.filter((id) => !fresh.has(id));
  const segments: Segment[] = [
    { ids: [...fresh] },
    ...(second || displaced.length > 0
      ? [{ cursor: page.cursor, ids: [...displaced, ...kept(second?.ids ?? [])] }]
      : []),
    ...others.map((segment) => ({ ...segment, ids: kept(segment.ids) })),
  ];
  const isWhole = segments.length === 1;
  return withRows(
    { ...list, segments, warnings: page.warnings ?? [], ...(isWhole && { cursor: page.cursor }) },
    page.data,
  );
}

/** The page behind the last one. */
export function appendPage(list: ListState, page: Page<Conversation>): ListState {
  const known = new Set(idsOf(list));
  const ids = page.data.map(({ id }) => id).filter((id) => !known.has(id));
  const segments = [...list.segments, { cursor: list.cursor, ids }];
  return withRows({ ...list, segments, cursor: page.cursor }, page.data);
}

/** A page that had been dropped from memory; what has left it since is dropped from the order too. */
export function refillSegment(list: ListState, at: number, page: Page<Conversation>): ListState {
  const elsewhere = new Set(list.segments.flatMap(({ ids }, place) => (place === at ? [] : ids)));
  const ids = page.data.map(({ id }) => id).filter((id) => !elsewhere.has(id));
  const segments = list.segments.map((segment, place) => (place === at ? { ...segment, ids } : segment));
  return withRows({ ...list, segments }, page.data);
}

/** The segment of each place in the list that is in view and has no row. */
export function missingSegments(list: ListState, first: number, last: number): readonly number[] {
  let start = 0;
  return list.segments.flatMap(({ ids }, place) => {
    const inView = ids.slice(Math.max(0, first - start), Math.max(0, last + 1 - start));
    start += ids.length;
    return inView.some((id) => !list.rows[id]) ? [place] : [];
  });
}

/** Drops the rows far from the segment in view. The first page is polled, so it stays. */
export function trimRows(list: ListState, firstInView: number, openId?: string): ListState {
  const center = segmentAt(list, firstInView);
  const near = list.segments
    .filter((_, place) => place === 0 || Math.abs(place - center) <= keptAround)
    .flatMap(({ ids }) => ids);
  const kept = new Set(openId === undefined ? near : [...near, openId]);
  const entries = Object.entries(list.rows);
  const left = entries.filter(([id]) => kept.has(id));
  return left.length === entries.length ? list : { ...list, rows: Object.fromEntries(left) };
}

/** What is known better than the last page told, such as that the team has read it. */
export function changeRow(list: ListState, id: string, change: Partial<Conversation>): ListState {
  const row = list.rows[id];
  return row ? { ...list, rows: { ...list.rows, [id]: { ...row, ...change } } } : list;
}

function segmentAt({ segments }: ListState, index: number): number {
  let end = 0;
  const found = segments.findIndex(({ ids }) => {
    end += ids.length;
    return index < end;
  });
  return found === -1 ? segments.length - 1 : found;
}

const listOf = ({ data, cursor, warnings = [] }: Page<Conversation>): ListState => ({
  segments: [{ ids: data.map(({ id }) => id) }],
  rows: Object.fromEntries(data.map((row) => [row.id, row])),
  cursor,
  warnings,
});

const withRows = (list: ListState, data: readonly Conversation[]): ListState => ({
  ...list,
  rows: { ...list.rows, ...Object.fromEntries(data.map((row) => [row.id, row])) },
});

/** Whether a row that the first page no longer has was pushed out of it, and does not belong to another list now. */
function isBehind(row: Conversation, last: Conversation, filter: ListFilter): boolean {
  if (filter === 'closing_soon') {
    return (row.reply_window.expires_at ?? '') >= (last.reply_window.expires_at ?? '');
  }
  return row.last_activity_at <= last.last_activity_at;
}
