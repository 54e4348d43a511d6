const maxRemembered = 1_000;

/** Asks again after `maxAgeMs`. What is not found is asked for each time, so that it is found once it is there. */
export function rememberFor<Value>(
  maxAgeMs: number,
  find: (id: string) => Promise<Value | undefined>,
): (id: string) => Promise<Value | undefined> {
  const remembered = new Map<string, { readonly value: Value; readonly atMs: number }>();
  return async (id) => {
    const known = remembered.get(id);
    if (known && Date.now() - known.atMs < maxAgeMs) return known.value;
    const value = await find(id);
    remembered.delete(id);
    if (value === undefined) return undefined;
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(id, { value, atMs: Date.now() });
    return value;
  };
}
