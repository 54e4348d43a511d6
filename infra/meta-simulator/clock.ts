import { setTimeout as delay } from 'node:timers/promises';

type Task = () => void | Promise<void>;

/** The simulated Meta's time. Windows, token lifetimes, rate limits and retries all go by it. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Runs the task once this much simulated time has passed. Returns what cancels it. */
  schedule(delayMs: number, task: Task): () => void;
}

export interface MovableClock extends Clock {
  /** Moves time on, running on the way what falls due, in order, each at its own time. */
  advance(byMs: number): Promise<void>;
  stop(): void;
}

interface Scheduled {
  readonly dueMs: number;
  readonly order: number;
  readonly task: Task;
}

/**
 * A clock that follows this machine's and can be moved ahead of it or, with `startMs`, one that stands still
 * until it is moved: then equal calls give equal times.
 */
export function createClock({ startMs }: { readonly startMs?: number } = {}): MovableClock {
  /** What falls due first stands first: a receiver that is down leaves thousands of retries here. */
  const waiting: Scheduled[] = [];
  let order = 0;
  let offsetMs = startMs ?? 0;
  let wake: AbortController | undefined;
  const followsWall = startMs === undefined;
  const nowMs = () => (followsWall ? Date.now() + offsetMs : offsetMs);

  /** Where it stands, or would; the later of two that are due together goes behind. */
  function positionOf({ dueMs, order: own }: Scheduled): number {
    let low = 0;
    let high = waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = waiting[middle];
      if (other && (other.dueMs - dueMs || other.order - own) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function next(untilMs: number): Scheduled | undefined {
    const [first] = waiting;
    return first && first.dueMs <= untilMs ? waiting.shift() : undefined;
  }

  async function runDue(untilMs: number): Promise<void> {
    for (let due = next(untilMs); due; due = next(untilMs)) {
      if (due.dueMs > nowMs()) offsetMs += due.dueMs - nowMs();
      await due.task();
    }
  }

  /** With a wall clock what falls due also runs by itself. */
  function arm(): void {
    wake?.abort();
    const [first] = waiting;
    if (!followsWall || !first) return;
    const soonestMs = first.dueMs;
    wake = new AbortController();
    const { signal } = wake;
    void delay(Math.max(0, Math.min(soonestMs - nowMs(), 2 ** 31 - 1)), undefined, { signal, ref: false })
      .then(() => runDue(nowMs()).then(arm))
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
  }

  return {
    nowMs,
    schedule(delayMs, task) {
      const scheduled = { dueMs: nowMs() + delayMs, order: order++, task };
      waiting.splice(positionOf(scheduled), 0, scheduled);
      if (waiting[0] === scheduled) arm();
      return () => {
        const at = positionOf(scheduled);
        if (waiting[at] === scheduled) waiting.splice(at, 1);
      };
    },
    async advance(byMs) {
      const untilMs = nowMs() + byMs;
      await runDue(untilMs);
      if (nowMs() < untilMs) offsetMs += untilMs - nowMs();
      arm();
    },
    stop() {
      waiting.length = 0;
      wake?.abort();
    },
  };
}
