import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { Store } from './store.ts';

/** Renders again when what `select` gives has changed. */
export function useStore<T, S = T>(
  store: Store<T>,
  select: (value: T) => S = (value) => value as unknown as S,
): S {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const selected = select(store.get());
  const latest = useRef({ select, selected });
  latest.current = { select, selected };
  useLayoutEffect(() => {
    const check = () => {
      const { select: choose, selected: shown } = latest.current;
      if (!Object.is(choose(store.get()), shown)) render(undefined as never);
    };
    // A change between the rendering and now.
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}
