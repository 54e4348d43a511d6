import { openThread } from '../shell/navigate.ts';
import { listStore, viewStore } from '../store/app.ts';
import { idsOf } from './list-state.ts';

/** j and k: the next or the previous conversation, the first one where none is open. */
export function openNeighbour(step: 1 | -1): void {
  const ids = idsOf(listStore.get().list);
  const { openId } = viewStore.get();
  const place = openId === undefined ? -1 : ids.indexOf(openId);
  const next = ids[place === -1 ? 0 : Math.min(ids.length - 1, Math.max(0, place + step))];
  if (next !== undefined) openThread(next);
}
