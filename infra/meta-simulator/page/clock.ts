import { button, byId } from './element.ts';

const steps: readonly (readonly [label: string, ms: number])[] = [
  ['+1 min', 60_000],
  ['+1 h', 3_600_000],
  ['+24 h', 86_400_000],
  ['+7 d', 7 * 86_400_000],
];

export interface ShownClock {
  /** The simulator's time as it just said it. */
  set(nowMs: number): void;
}

/** The simulated time, running on between two answers of the simulator. */
export function createClockView(advance: (byMs: number) => void): ShownClock {
  const shown = byId('now', HTMLTimeElement);
  let offsetMs = 0;
  const show = () => {
    const now = new Date(Date.now() + offsetMs);
    shown.dateTime = now.toISOString();
    shown.textContent = now.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
  };
  byId('clock-buttons', HTMLFieldSetElement).append(
    ...steps.map(([label, ms]) => button(label, () => advance(ms))),
  );
  setInterval(show, 1000);
  return {
    set(nowMs) {
      offsetMs = nowMs - Date.now();
      show();
    },
  };
}
