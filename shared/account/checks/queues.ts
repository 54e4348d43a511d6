import { finding } from '../findings.ts';
import type { Observations } from '../health-store.ts';
import type { CheckInput } from '../seen.ts';
import { duration, plural } from '../words.ts';
import { type Check, found, nothing, together, unchecked } from './check.ts';

const oldMs = 10 * 60 * 1000;

/** Whether what was received is stored. */
export const checkQueues: Check = (seen) => {
  const { queues, nowMs } = seen;
  if (!queues) return unchecked('whether all events were stored', 'The queues were not looked at.');
  const { deadLetters, waiting, inFlight } = queues;
  const sinceMs = waitingSinceMs(seen);
  const isOld = sinceMs !== undefined && nowMs - sinceMs >= oldMs;
  return together(
    deadLetters === 0
      ? nothing
      : found(finding('dead_letters_waiting', `${plural(deadLetters, 'event')} in the dead-letter queue.`)),
    isOld
      ? found(
          finding(
            'queue_old',
            `${plural(waiting + inFlight, 'event')} in the queue, and nothing was stored for ${duration(nowMs - sinceMs)}.`,
          ),
        )
      : nothing,
  );
};

/** Since when the queue is neither empty nor moving: now, when it was either at the last look. */
function waitingSinceMs({ queues, observed, nowMs }: CheckInput): number | undefined {
  if (!queues || queues.waiting + queues.inFlight === 0) return undefined;
  const { queueWaitingSinceMs, storedAtMs = 0 } = observed;
  return queueWaitingSinceMs === undefined || storedAtMs > queueWaitingSinceMs ? nowMs : queueWaitingSinceMs;
}

/** What the next look needs to know of this one; empty when it is known already. */
export function observeQueues(input: CheckInput): {
  queueWaitingSinceMs?: Observations['queueWaitingSinceMs'] | undefined;
} {
  if (!input.queues) return {};
  const sinceMs = waitingSinceMs(input);
  return sinceMs === input.observed.queueWaitingSinceMs ? {} : { queueWaitingSinceMs: sinceMs };
}
