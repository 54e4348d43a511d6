import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ContendedItemError } from '../conversations/message-store.ts';
import { conditionHeld, pauseAfterConflict } from '../runtime/conditional-write.ts';
import type { SendId, ThreadId } from './send-row.ts';

/** What stands in line in one thread. */
export interface ThreadQueue {
  /** In the order in which they are sent. */
  readonly waiting: readonly SendId[];
  /** Whose outcome Meta has not told, oldest first. */
  readonly unknown: readonly SendId[];
  /** What was sent last. */
  readonly last?: SendId;
  /** What was sent, or found to be, lately, the newest last: an echo may be one of theirs. */
  readonly recent?: readonly SendId[];
  /** When the last send left the line, in ms. */
  readonly lastAtMs?: number;
  /** Who may send now. */
  readonly lease?: { readonly owner: string; readonly untilMs: number };
}

/** Who wants the right to send, and for how long, in ms. */
export interface LeaseWish {
  readonly owner: string;
  readonly forMs: number;
}

const empty: ThreadQueue = { waiting: [], unknown: [] };

/** Above any sensible backlog of one conversation; an item may have 400 KB. */
export const maxWaiting = 1000;
/** Few enough that the item stays within one write unit. */
const maxRecent = 8;
const maxAttempts = 12;

interface SeenQueue {
  readonly queue: ThreadQueue;
  readonly revision: number;
}

/**
 * The queue of each thread, an item each, changed only by who saw what it is now. What it wrote or read lately it need
 * not read again: a change from what is no longer so is refused, and a thread is sent in by one process at a time.
 */
export function threadQueues(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (thread: ThreadId) => ({ pk: `thread#${thread}`, sk: 'queue' });
  const lately = new Map<ThreadId, SeenQueue>();

  async function read(thread: ThreadId): Promise<SeenQueue> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(thread), ConsistentRead: true }),
    );
    if (!Item) return { queue: empty, revision: 0 };
    const {
      pk: _,
      sk: __,
      v: ___,
      type: ____,
      revision,
      ...queue
    } = Item as ThreadQueue & Record<string, unknown>;
    return { queue: queue as ThreadQueue, revision: revision as number };
  }

  /**
   * Changes the queue by `change`, which gives the next one, or the same for no change.
   * @throws ContendedItemError when others kept changing it.
   */
  async function update(thread: ThreadId, change: (queue: ThreadQueue) => ThreadQueue): Promise<ThreadQueue> {
    const seen = lately.get(thread);
    lately.delete(thread);
    // Whether nothing is to be changed, only what the queue is now tells.
    if (seen) {
      const next = change(seen.queue);
      if (next !== seen.queue && (await write(thread, next, seen.revision))) return next;
    }
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (attempt > 0) await pauseAfterConflict(attempt);
      const { queue, revision } = await read(thread);
      const next = change(queue);
      if (next === queue || (await write(thread, next, revision))) return next;
    }
    throw new ContendedItemError(`A thread was changed by others ${maxAttempts} times in a row`);
  }

  async function write(thread: ThreadId, queue: ThreadQueue, seenRevision: number): Promise<boolean> {
    const revision = seenRevision + 1;
    const isWritten = await conditionHeld(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...keyOf(thread), v: 1, type: 'thread', ...queue, revision },
          ConditionExpression: 'attribute_not_exists(pk) OR revision = :revision',
          ExpressionAttributeValues: { ':revision': seenRevision },
        }),
      ),
    );
    if (isWritten) lately.set(thread, { queue, revision });
    return isWritten;
  }

  return {
    async read(thread: ThreadId): Promise<ThreadQueue> {
      const seen = await read(thread);
      lately.set(thread, seen);
      return seen.queue;
    },

    /**
     * Puts a send in line, behind what stands there; once, however often it is called. Whoever means to send it at
     * once takes the right to send in the same write, when it is first in line and nobody has it.
     */
    join: (thread: ThreadId, sendId: SendId, wish?: LeaseWish) =>
      update(thread, (current) => {
        const joined = current.waiting.includes(sendId)
          ? current
          : { ...current, waiting: [...current.waiting, sendId] };
        return wish && joined.waiting[0] === sendId ? leased(joined, wish) : joined;
      }),

    /** Takes the right to send, when nobody has it and something waits. @returns the queue with whoever has it. */
    lease: (thread: ThreadId, wish: LeaseWish) =>
      update(thread, (current) => (current.waiting.length > 0 ? leased(current, wish) : current)),

    /**
     * Takes a send out of the line, by what became of it; and gives the right to send back in the same write, if
     * its owner is named.
     */
    leave: (
      thread: ThreadId,
      sendId: SendId,
      outcome: 'sent' | 'failed' | 'unknown',
      releasing?: LeaseWish['owner'],
    ) =>
      update(thread, (current) => {
        const queue = releasing === undefined ? current : released(current, releasing);
        const isWaiting = queue.waiting.includes(sendId);
        const addsUnknown = outcome === 'unknown' && !queue.unknown.includes(sendId);
        if (!isWaiting && !addsUnknown) return queue;
        return {
          ...queue,
          ...(outcome === 'sent' && {
            last: sendId,
            recent: [...(queue.recent ?? []), sendId].slice(-maxRecent),
          }),
          lastAtMs: Date.now(),
          waiting: queue.waiting.filter((each) => each !== sendId),
          unknown: addsUnknown ? [...queue.unknown, sendId] : queue.unknown,
        };
      }),

    /** Its outcome is known now. */
    settle: (thread: ThreadId, sendId: SendId) =>
      update(thread, (queue) =>
        queue.unknown.includes(sendId)
          ? {
              ...queue,
              unknown: queue.unknown.filter((each) => each !== sendId),
              recent: [...(queue.recent ?? []), sendId].slice(-maxRecent),
            }
          : queue,
      ),

    /** Gives the right to send back. @returns the queue as it is then. */
    release: (thread: ThreadId, owner: string) => update(thread, (queue) => released(queue, owner)),
  };
}

export type ThreadQueues = ReturnType<typeof threadQueues>;

function leased(queue: ThreadQueue, { owner, forMs }: LeaseWish): ThreadQueue {
  const nowMs = Date.now();
  const isFree = !queue.lease || queue.lease.owner === owner || queue.lease.untilMs <= nowMs;
  return isFree ? { ...queue, lease: { owner, untilMs: nowMs + forMs } } : queue;
}

function released(queue: ThreadQueue, owner: string): ThreadQueue {
  if (queue.lease?.owner !== owner) return queue;
  const { lease: _, ...rest } = queue;
  return rest;
}
