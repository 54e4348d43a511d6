import { api } from '../api/api.ts';
import { statusStore } from '../store/app.ts';
import { type Poll, poll } from '../store/poll.ts';

let polling: Poll | undefined;

/** The account is checked once an hour; when Meta was last heard of changes more often. */
export function followStatus(): void {
  polling = poll(
    async () => {
      const status = await api.status();
      statusStore.update(() => status);
    },
    { visibleMs: 60_000, hiddenMs: 10 * 60_000 },
  );
}

export function stopStatus(): void {
  polling?.stop();
  polling = undefined;
}

export const refreshStatus = (): void => polling?.now();
