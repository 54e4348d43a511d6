import { ApiError, NoAnswer } from '../api/request.ts';
import { nowMs } from '../time/clock.ts';
import { connectionStore } from './app.ts';

/** Notes for the banner whether the gateway answers. */
export async function watched<T>(call: Promise<T>): Promise<T> {
  try {
    const answer = await call;
    connectionStore.update(({ isOnline }) => ({ isOnline, lastAnswerAtMs: nowMs() }));
    return answer;
  } catch (error) {
    if (error instanceof NoAnswer || (error instanceof ApiError && error.status >= 500)) {
      connectionStore.update((known) => ({ ...known, failingSinceMs: known.failingSinceMs ?? nowMs() }));
    }
    throw error;
  }
}

export function watchConnection(): void {
  const look = () => connectionStore.update((known) => ({ ...known, isOnline: navigator.onLine }));
  look();
  window.addEventListener('online', look);
  window.addEventListener('offline', look);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
