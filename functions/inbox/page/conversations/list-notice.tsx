import type { JSX } from 'preact';
import { Notice } from '../shell/notice.tsx';
import { type Loading, viewStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { refreshList } from './list-loader.ts';

/** In the place of the list: it is loading, it failed, or there is nothing. */
export function ListNotice({ first }: { readonly first: Loading }): JSX.Element {
  const { filter, q } = useStore(viewStore);
  if (first.state === 'loading') {
    return (
      <div role="status" aria-label={text.loading}>
        {Array.from({ length: 8 }, (_, place) => (
          <div key={place} class="row skeleton" />
        ))}
      </div>
    );
  }
  if (first.state === 'failed') {
    return (
      <Notice title={text.list.failed} icon="warning" isError>
        <p>{first.message}</p>
        <button type="button" class="secondary" onClick={refreshList}>
          {text.tryAgain}
        </button>
      </Notice>
    );
  }
  return q === '' ? (
    <Notice title={text.list.empty[filter]} icon="check">
      <p>{text.list.emptyRemedy[filter]}</p>
    </Notice>
  ) : (
    <Notice title={text.list.empty.search(q)} icon="search">
      <p>{text.list.emptyRemedy.search}</p>
    </Notice>
  );
}
