import { forgottenStore } from '../conversations/forgotten-store.ts';
import { graphTime } from '../instagram/event-time.ts';
import type { CustomerId } from '../instagram/ids.ts';
import type { MessageNode, Thread } from './graph-threads.ts';
import type { ReconcileParts } from './reconcile-parts.ts';

export interface Remembered {
  /** The thread as if it had begun when its customer was forgotten; absent when nothing came since. */
  readonly thread?: Thread;
  /** Whether all of it may be looked at, back to its beginning. */
  readonly isWhole: boolean;
}

/** Meta keeps the history of a customer who was forgotten here: what is older than that is not fetched again. */
export async function withoutForgotten(
  { client, tableName, account }: ReconcileParts,
  thread: Thread,
  customer: CustomerId,
): Promise<Remembered> {
  const upTo = await forgottenStore(client, tableName).upTo([{ accountId: account, customerId: customer }]);
  const upToMs = upTo.get(customer);
  if (upToMs === undefined) return { thread, isWhole: true };
  const newest = thread.newest.filter((node) => isLater(node, upToMs));
  return { ...(newest.length > 0 && { thread: { ...thread, newest } }), isWhole: false };
}

const isLater = ({ created_time }: MessageNode, thanMs: number) =>
  (graphTime(created_time)?.atMs ?? 0) > thanMs;
