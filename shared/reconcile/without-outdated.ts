import { forgottenStore } from '../conversations/forgotten-store.ts';
import { graphTime } from '../instagram/event-time.ts';
import type { CustomerId } from '../instagram/ids.ts';
import { messageLifetimeMs } from '../runtime/retention.ts';
import type { MessageNode, Thread } from './graph-threads.ts';
import type { ReconcileParts } from './reconcile-parts.ts';

export interface Wanted {
  /** The thread as if it had begun then; absent when nothing came since. */
  readonly thread?: Thread;
  /** What is older is not stored, in ms; absent: all of it is. */
  readonly sinceMs?: number;
}

/**
 * Meta keeps the history of a customer who was forgotten here, and what has outlived the owner's lifetime of messages:
 * neither is fetched again.
 */
export async function withoutOutdated(
  { client, tableName, account }: ReconcileParts,
  thread: Thread,
  customer: CustomerId,
): Promise<Wanted> {
  const upTo = await forgottenStore(client, tableName).upTo([{ accountId: account, customerId: customer }]);
  const lifetimeMs = messageLifetimeMs();
  const limits = [upTo.get(customer), lifetimeMs && thread.readAtMs - lifetimeMs].filter(
    (limit) => limit !== undefined,
  );
  if (limits.length === 0 || thread.newest.length === 0) return { thread };
  const sinceMs = Math.max(...limits);
  const newest = thread.newest.filter((node) => isLater(node, sinceMs));
  return { ...(newest.length > 0 && { thread: { ...thread, newest } }), sinceMs };
}

export const isLater = ({ created_time }: MessageNode, thanMs: number): boolean =>
  (graphTime(created_time)?.atMs ?? 0) > thanMs;
