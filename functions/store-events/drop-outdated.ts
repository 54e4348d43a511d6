import type { ForgottenStore } from '../../shared/conversations/forgotten-store.ts';
import { messageLifetimeMs } from '../../shared/runtime/retention.ts';
import type { ReadableRecord } from './read-records.ts';

/**
 * Separates what is not to be stored: what happened before its customer was forgotten, which was erased, or was on its
 * way then; and what had outlived the owner's lifetime of messages when it came. It counts as done. What tells no time
 * is as old as its delivery.
 */
export async function dropOutdated(
  forgotten: ForgottenStore,
  records: readonly ReadableRecord[],
): Promise<{ readonly kept: readonly ReadableRecord[]; readonly dropped: number }> {
  const conversations = records.flatMap(({ event }) => (event.type === 'other' ? [] : [event]));
  const upTo = await forgotten.upTo(conversations);
  const lifetimeMs = messageLifetimeMs() ?? Number.POSITIVE_INFINITY;
  const kept = records.filter(({ event, receivedAtMs }) => {
    if (event.type === 'other') return true;
    const atMs = event.time?.atMs ?? receivedAtMs;
    return atMs > (upTo.get(event.customerId) ?? 0) && atMs > receivedAtMs - lifetimeMs;
  });
  return { kept, dropped: records.length - kept.length };
}
