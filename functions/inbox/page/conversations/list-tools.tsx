import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListFilter } from '../api/api.ts';
import { IconButton } from '../shell/icon-button.tsx';
import { Icon } from '../shell/icons.tsx';
import { viewStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { showList } from './list-loader.ts';

const filters: readonly ListFilter[] = ['all', 'unread', 'closing_soon'];
/** Long enough for a typist, short enough not to be waited for. */
const pauseMs = 250;

export function ListTools(): JSX.Element {
  const filter = useStore(viewStore, (view) => view.filter);
  return (
    <div class="list-tools">
      <Search />
      <fieldset class="segments">
        <legend class="hidden">{text.list.order}</legend>
        {filters.map((each) => (
          <label key={each} class="segment">
            <input
              type="radio"
              name="filter"
              checked={filter === each}
              onChange={() => showList({ filter: each, q: '' })}
            />
            <span>{text.list.filters[each]}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function Search(): JSX.Element {
  const q = useStore(viewStore, (view) => view.q);
  const [typed, setTyped] = useState(q);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const input = useRef<HTMLInputElement>(null);
  // A filter ends a search.
  useEffect(() => setTyped(q), [q]);
  const search = (value: string, afterMs: number) => {
    setTyped(value);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => {
      if (viewStore.get().q !== value)
        showList({ q: value.trim(), ...(value !== '' && { filter: 'all' as const }) });
    }, afterMs);
  };
  return (
    <search class="search">
      <Icon name="search" size={18} />
      <input
        ref={input}
        id="search"
        type="search"
        aria-label={text.list.search}
        placeholder={text.list.searchHint}
        maxLength={100}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        value={typed}
        onInput={({ currentTarget }) => search(currentTarget.value, pauseMs)}
      />
      {typed !== '' && (
        <IconButton
          icon="close"
          size={16}
          class="small"
          label={text.list.clearSearch}
          onClick={() => {
            search('', 0);
            input.current?.focus();
          }}
        />
      )}
    </search>
  );
}
