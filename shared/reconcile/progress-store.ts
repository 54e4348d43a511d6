import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountId } from '../instagram/ids.ts';
import { reconcilePartition } from './reconcile-store.ts';
import type { WaitingThread } from './waiting-threads.ts';

/** How far the comparing of the whole account came. */
export interface Progress {
  /** Conversations were left unread, wherever in Meta's list they stand. */
  readonly isUnfinished: boolean;
  readonly waiting: readonly WaitingThread[];
}

interface StoredWaiting {
  readonly thread_id: string;
  readonly updated_time: string;
  readonly tries: number;
  readonly not_before: number;
}

/** An item has room for more than twice as many. */
const maxWaiting = 1000;

/** How far the comparing came; read and written by who has the lock. */
export function progressStore(client: DynamoDBDocumentClient, tableName: string, account: AccountId) {
  const key = { pk: reconcilePartition(account), sk: 'progress' };

  return {
    /** Before the first time all is unread. */
    async read(): Promise<Progress> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
      );
      return {
        isUnfinished: Item?.is_unfinished !== false,
        waiting: ((Item?.waiting ?? []) as StoredWaiting[]).map(
          ({ thread_id, updated_time, tries, not_before }) => ({
            id: thread_id,
            updatedTime: updated_time,
            tries,
            notBeforeMs: not_before,
          }),
        ),
      };
    },

    async save({ isUnfinished, waiting }: Progress): Promise<void> {
      const item = {
        // Those that are not noted are found by going through the whole list.
        is_unfinished: isUnfinished || waiting.length > maxWaiting,
        waiting: waiting.slice(0, maxWaiting).map(
          ({ id, updatedTime, tries, notBeforeMs }): StoredWaiting => ({
            thread_id: id,
            updated_time: updatedTime,
            tries,
            not_before: notBeforeMs,
          }),
        ),
      };
      await client.send(new PutCommand({ TableName: tableName, Item: { ...key, v: 1, ...item } }));
    },
  };
}

export type ProgressStore = ReturnType<typeof progressStore>;
