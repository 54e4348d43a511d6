import { type Notice, remembered } from '../../shared/account/notice.ts';
import { observeBriefly } from '../../shared/account/observe-briefly.ts';
import { onceAMinute } from '../../shared/runtime/once-a-minute.ts';
import type { ReadableRecord } from './read-records.ts';

const isDue = onceAMinute();
let lastSecretPlace: number | undefined;

/**
 * Remembers when the newest delivery came and which secret proves them: once a minute a process, which is often
 * enough for evidence, but at once when it is another secret.
 */
export async function observeDeliveries(records: readonly ReadableRecord[]): Promise<void> {
  const [newest] = records.toSorted((a, b) => b.receivedAtMs - a.receivedAtMs);
  if (!newest) return;
  const { receivedAtMs, secretPlace } = newest;
  const isOtherSecret = secretPlace !== undefined && secretPlace !== lastSecretPlace;
  if (!isDue('delivery') && !isOtherSecret) return;
  if (secretPlace !== undefined) lastSecretPlace = secretPlace;
  await observeBriefly(
    {
      deliveryAtMs: receivedAtMs,
      ...(secretPlace !== undefined && { deliverySecretPlace: secretPlace }),
    },
    'deliveryAtMs',
  );
}

/** Remembers that events are stored, as often. */
export async function observeStored(): Promise<void> {
  if (isDue('stored')) await observeBriefly({ storedAtMs: Date.now() });
}

/** Remembers the newest notice of each kind. */
export async function observeNotices(notices: readonly Notice[]): Promise<void> {
  const newestFirst = notices.toSorted((a, b) => b.at - a.at);
  const newest = [...Map.groupBy(newestFirst, ({ notice }) => notice).values()].flatMap(
    ([first]) => first ?? [],
  );
  await Promise.all(
    newest.map((notice) => {
      const { noticed, newestBy } = remembered(notice);
      return observeBriefly(noticed, newestBy);
    }),
  );
}
