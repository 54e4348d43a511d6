import { createStore } from '../store/store.ts';

/**
 * The gateway's time, which decides on reply windows: a viewer's clock may be wrong. Its answers tell it in whole
 * seconds, so a small difference is none.
 */
const tolerance = 3_000;
let offsetMs = 0;

export function learnServerTime(serverMs: number): void {
  const difference = serverMs - Date.now();
  offsetMs = Math.abs(difference) <= tolerance ? 0 : difference;
}

export const nowMs = (): number => Date.now() + offsetMs;

/** Ticks for what counts down. */
export const clock = createStore(nowMs());
export const tickEveryMs = 5_000;

export function startClock(): void {
  setInterval(() => clock.update(nowMs), tickEveryMs);
  document.addEventListener('visibilitychange', () => clock.update(nowMs));
}
