/** State that the page shows: replaced as a whole by pure functions, watched by components. */
export interface Store<T> {
  get(): T;
  /** Nobody is told when `change` gives back the same value. */
  update(change: (value: T) => T): void;
  subscribe(told: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    update(change) {
      const next = change(value);
      if (Object.is(next, value)) return;
      value = next;
      for (const told of [...watchers]) told();
    },
    subscribe(told) {
      watchers.add(told);
      return () => watchers.delete(told);
    },
  };
}
