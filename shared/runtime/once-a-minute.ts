const minuteMs = 60_000;

/** Lets each kind through at most once a minute a process, so that nobody outside can make us write at will. */
export function onceAMinute(): (kind: string) => boolean {
  const lastMs = new Map<string, number>();
  return (kind) => {
    const nowMs = Date.now();
    if (nowMs - (lastMs.get(kind) ?? 0) < minuteMs) return false;
    lastMs.set(kind, nowMs);
    return true;
  };
}
