import { api } from '../api/api.ts';
import { change, emptyListLoad, type ListLoad, listStore, type View, viewStore } from '../store/app.ts';
import { messageOf, watched } from '../store/connection.ts';
import { type Poll, poll } from '../store/poll.ts';
import { nowMs } from '../time/clock.ts';
import type { ListState } from './list-state.ts';
import {
  appendPage,
  changeRow,
  idsOf,
  mergeFirstPage,
  missingSegments,
  refillSegment,
  trimRows,
} from './list-state.ts';

const pageSize = 50;
export const listEveryMs = 10_000;

type Rows = ListState['rows'];
let toldNews = (_before: Rows, _after: Rows): void => {};

/** @param told gets what was known and what is known now, whenever the newest page has changed. */
export function observeNews(told: typeof toldNews): void {
  toldNews = told;
}

let polling: Poll | undefined;
let etag: string | undefined;
/** Grows with every other list, so that an answer for the one before is left aside. */
let generation = 0;

export function startList(): void {
  polling = poll(loadFirst, { visibleMs: listEveryMs, hiddenMs: 60_000 });
}

export function stopList(): void {
  polling?.stop();
  polling = undefined;
  reset();
}

export const refreshList = (): void => polling?.now();

/** Another filter or search: its first page is asked for at once. */
export function showList(query: { filter?: 'all' | 'unread' | 'closing_soon'; q?: string }): void {
  viewStore.update(change<View>(query));
  reset();
  refreshList();
}

function reset(): void {
  generation += 1;
  etag = undefined;
  listStore.update(() => emptyListLoad);
}

async function loadFirst(): Promise<void> {
  const asked = generation;
  const { filter, q } = viewStore.get();
  try {
    const answer = await watched(api.conversations({ filter, q }, { limit: pageSize, etag }));
    if (asked !== generation) return;
    const before = listStore.get().list;
    listStore.update((load) => ({
      ...load,
      first: { state: 'ready' },
      updatedAtMs: nowMs(),
      ...(answer && { list: mergeFirstPage(load.list, answer.body, filter) }),
    }));
    if (answer) {
      etag = answer.etag;
      if (q === '') toldNews(before.rows, listStore.get().list.rows);
    }
  } catch (error) {
    if (asked === generation)
      listStore.update(change<ListLoad>({ first: { state: 'failed', message: messageOf(error) } }));
    throw error;
  }
}

export async function loadMore(): Promise<void> {
  const { list, more, first } = listStore.get();
  if (list.cursor === undefined || more === 'loading' || first.state === 'loading') return;
  const asked = generation;
  listStore.update(change<ListLoad>({ more: 'loading' }));
  try {
    const { filter, q } = viewStore.get();
    const answer = await watched(api.conversations({ filter, q }, { limit: pageSize, cursor: list.cursor }));
    if (asked !== generation || !answer) return;
    listStore.update((load) => ({ ...load, more: 'idle', list: appendPage(load.list, answer.body) }));
  } catch {
    if (asked === generation) listStore.update(change<ListLoad>({ more: 'failed' }));
  }
}

const refilling = new Set<number>();

/** Fetches what is in view, drops what is far from it, and goes on before the end is reached. */
export function showPlaces(first: number, last: number): void {
  const { list, more } = listStore.get();
  for (const at of missingSegments(list, first, last)) void refill(at);
  const trimmed = trimRows(list, first, viewStore.get().openId);
  if (trimmed !== list) listStore.update(change<ListLoad>({ list: trimmed }));
  if (more === 'idle' && last >= idsOf(list).length - pageSize / 2) void loadMore();
}

async function refill(at: number): Promise<void> {
  const cursor = listStore.get().list.segments[at]?.cursor;
  if (refilling.has(at) || cursor === undefined) return;
  refilling.add(at);
  const asked = generation;
  try {
    const { filter, q } = viewStore.get();
    const answer = await watched(api.conversations({ filter, q }, { limit: pageSize, cursor }));
    if (asked !== generation || !answer) return;
    listStore.update((load) => ({ ...load, list: refillSegment(load.list, at, answer.body) }));
  } catch {
    // The banner tells it; scrolling asks again.
  } finally {
    refilling.delete(at);
  }
}

/** The row shows it before the next answer tells it. */
export function markRowRead(id: string): void {
  listStore.update((load) => ({ ...load, list: changeRow(load.list, id, { unread: false }) }));
}
