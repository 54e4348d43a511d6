import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { listStore, viewStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { ConversationRow } from './conversation-row.tsx';
import { loadMore, showPlaces } from './list-loader.ts';
import { ListNotice } from './list-notice.tsx';
import { idsOf } from './list-state.ts';
import { usePlaces } from './use-places.ts';

/** As in the style sheet. */
const rowHeightPx = 92;

export function ConversationList(): JSX.Element {
  const { list, more, first } = useStore(listStore);
  const openId = useStore(viewStore, ({ openId }) => openId);
  const query = useStore(viewStore, ({ filter, q }) => `${filter} ${q}`);
  const scroller = useRef<HTMLDivElement>(null);
  const ids = idsOf(list);
  const places = usePlaces(scroller, rowHeightPx, ids.length);
  useEffect(() => showPlaces(places.first, places.last), [places.first, places.last, ids.length]);
  useEffect(() => scroller.current?.scrollTo(0, 0), [query]);
  useEffect(() => {
    if (openId !== undefined && scroller.current) intoView(scroller.current, ids.indexOf(openId));
  }, [openId]);

  if (ids.length === 0) {
    return (
      <div class="rows" ref={scroller}>
        <ListNotice first={first} />
      </div>
    );
  }
  return (
    <div class="rows" ref={scroller}>
      <ul class="rows-all" aria-label={text.list.label} style={{ height: `${ids.length * rowHeightPx}px` }}>
        {ids.slice(places.first, places.last + 1).map((id, offset) => {
          const place = places.first + offset;
          const conversation = list.rows[id];
          return (
            <li
              key={id}
              aria-setsize={list.cursor === undefined ? ids.length : -1}
              aria-posinset={place + 1}
              style={{ transform: `translateY(${place * rowHeightPx}px)` }}
            >
              {conversation ? (
                <ConversationRow conversation={conversation} isOpen={id === openId} />
              ) : (
                <div class="row skeleton" />
              )}
            </li>
          );
        })}
      </ul>
      {more === 'failed' && (
        <p class="rows-end">
          {text.list.moreFailed}{' '}
          <button type="button" class="plain" onClick={() => void loadMore()}>
            {text.tryAgain}
          </button>
        </p>
      )}
      {more === 'loading' && <p class="rows-end quiet">{text.loading}</p>}
    </div>
  );
}

/** The open one, after j or k: only as far as needed. */
function intoView(scroller: HTMLElement, place: number): void {
  if (place === -1) return;
  const top = place * rowHeightPx;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  const bottom = top + rowHeightPx - scroller.clientHeight;
  if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
}
