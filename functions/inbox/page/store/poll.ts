import { ApiError } from '../api/request.ts';

export interface Poll {
  /** Asks now, or once more when it is being asked already. */
  now(): void;
  stop(): void;
}

export interface PollEvery {
  readonly visibleMs: number;
  /** Nobody looks: browsers slow hidden tabs down to once a minute anyway. */
  readonly hiddenMs: number;
}

/** Asks again and again, one at a time; at once when the tab is shown or the connection is back. */
export function poll(ask: () => Promise<void>, { visibleMs, hiddenMs }: PollEvery): Poll {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isWanted = false;
  let isStopped = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (isAsking) {
      isWanted = true;
      return;
    }
    isAsking = true;
    let pauseMs = 0;
    try {
      await ask();
    } catch (error) {
      // The caller has shown it; here it only sets the pace.
      pauseMs = (error instanceof ApiError && error.retryAfterMs) || 0;
    }
    isAsking = false;
    if (isStopped) return;
    const everyMs = document.visibilityState === 'visible' ? visibleMs : hiddenMs;
    timer = setTimeout(() => void run(), isWanted && pauseMs === 0 ? 0 : Math.max(everyMs, pauseMs));
    isWanted = false;
  }
  const now = () => void run();
  const shown = () => {
    if (document.visibilityState === 'visible') now();
  };
  document.addEventListener('visibilitychange', shown);
  window.addEventListener('online', now);
  now();
  return {
    now,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
      window.removeEventListener('online', now);
    },
  };
}
