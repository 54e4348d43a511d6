import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../shared/instagram/ids.ts';
import { drainThread } from '../../shared/sending/outbox.ts';
import { resolveUnknown } from '../../shared/sending/resolve-unknown.ts';
import { runtimeOutbox } from '../../shared/sending/runtime-outbox.ts';
import type { ThreadId } from '../../shared/sending/send-row.ts';

/** Then other threads have their turn. */
const maxSends = 10;

/** Sends what waits in one thread, unless somebody is at it, then looks for those without an outcome. */
export async function deliverThread(account: string, thread: string, beginBeforeMs: number): Promise<void> {
  const outbox = runtimeOutbox();
  // Ours: whoever puts a wake-up in the queue has checked them.
  const [accountId, threadId] = [account as AccountId, thread as ThreadId];
  const drained = await drainThread(outbox, accountId, threadId, randomUUID(), { beginBeforeMs, maxSends });
  // Whoever has the lease may be dead: then nobody else would come before the schedule.
  if (!drained.isOurs && drained.heldForMs > 0) {
    await outbox.wake(accountId, threadId, Math.ceil(drained.heldForMs / 1000));
  }
  await resolveUnknown(outbox, accountId, threadId);
}
