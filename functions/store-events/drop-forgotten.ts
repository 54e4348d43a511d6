import type { ForgottenStore } from '../../shared/conversations/forgotten-store.ts';
import type { ReadableRecord } from './read-records.ts';

/**
 * Separates what happened before its customer was forgotten: it was erased, or was on its way then, and is not to come
 * back. It counts as done. What tells no time is as old as its delivery.
 */
export async function dropForgotten(
  forgotten: ForgottenStore,
  records: readonly ReadableRecord[],
): Promise<{ readonly kept: readonly ReadableRecord[]; readonly dropped: number }> {
  const conversations = records.flatMap(({ event }) => (event.type === 'other' ? [] : [event]));
  const upTo = await forgotten.upTo(conversations);
  if (upTo.size === 0) return { kept: records, dropped: 0 };
  const kept = records.filter(({ event, receivedAtMs }) => {
    if (event.type === 'other') return true;
    const upToMs = upTo.get(event.customerId);
    return upToMs === undefined || (event.time?.atMs ?? receivedAtMs) > upToMs;
  });
  return { kept, dropped: records.length - kept.length };
}
