import { randomUUID } from 'node:crypto';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AccountId } from '../instagram/ids.ts';
import { conditionHeld } from '../runtime/conditional-write.ts';

/** What a reconciliation found. */
export interface ReconcileRun {
  /** ISO 8601, UTC. */
  readonly reconciled_at: string;
  readonly threads_listed: number;
  readonly threads_read: number;
  /** Messages that no webhook had brought, or had brought otherwise. */
  readonly messages_found: number;
  readonly gaps: ReconcileGaps;
  /** Conversations that cannot be read so far, in this run or one before; they are tried again. */
  readonly threads_failed: number;
  /** False: time was up, and the rest is done next. */
  readonly is_complete: boolean;
}

/** What differs from Meta and cannot be made good. */
export interface ReconcileGaps {
  /** Meta lists the message and gives out no more of it. */
  readonly unreadable: number;
  /** Meta no longer lists a message that is stored: it may have been taken back. */
  readonly absent: number;
}

/** What the last look at a thread saw. */
export interface Look {
  /** Meta's, of the thread. */
  readonly updatedTime: string;
  /** Of its newest message. */
  readonly newestAtMs?: number;
  /** All that lies behind its newest messages was looked through too. */
  readonly isImported?: true;
}

const lockForMs = 6 * 60_000;
const renewEveryMs = 60_000;

/** The right to reconcile the account; who dies with it keeps it for minutes. */
export interface ReconcileLock {
  /** Keeps it while the work goes on. @throws ReconcilingElsewhereError when it has ended meanwhile. */
  keep(): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else is comparing the account with Meta. */
export class ReconcilingElsewhereError extends Error {}

export const reconcilePartition = (account: AccountId): string => `reconcile#${account}`;

/** What reconciling remembers of an account: its lock, how far each thread was read, and what it found last. */
export function reconcileStore(client: DynamoDBDocumentClient, tableName: string, account: AccountId) {
  const pk = reconcilePartition(account);
  const threadKey = (threadId: string) => ({ pk, sk: `thread#${threadId}` });

  return {
    /** One at a time. @throws ReconcilingElsewhereError when somebody else has it. */
    async lock(): Promise<ReconcileLock> {
      const owner = randomUUID();
      let keptAtMs = Date.now();
      const nowMs = keptAtMs;
      const isLocked = await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { pk, sk: 'lock', v: 1, owner, until: nowMs + lockForMs },
            ConditionExpression: 'attribute_not_exists(pk) OR #until < :now',
            ExpressionAttributeNames: { '#until': 'until' },
            ExpressionAttributeValues: { ':now': nowMs },
          }),
        ),
      );
      if (!isLocked) throw new ReconcilingElsewhereError('Another reconciliation is at it');
      const until = (untilMs: number) =>
        conditionHeld(
          client.send(
            new UpdateCommand({
              TableName: tableName,
              Key: { pk, sk: 'lock' },
              UpdateExpression: 'SET #until = :until',
              ConditionExpression: '#owner = :owner',
              ExpressionAttributeNames: { '#until': 'until', '#owner': 'owner' },
              ExpressionAttributeValues: { ':until': untilMs, ':owner': owner },
            }),
          ),
        );
      return {
        async keep() {
          const now = Date.now();
          if (now - keptAtMs < renewEveryMs) return;
          if (!(await until(now + lockForMs))) {
            throw new ReconcilingElsewhereError('The lock ended, and another reconciliation is at it');
          }
          keptAtMs = now;
        },
        async release() {
          await until(0);
        },
      };
    },

    /** How far each of these threads was read. */
    async looksAt(threadIds: readonly string[]): Promise<ReadonlyMap<string, Look>> {
      const found = new Map<string, Look>();
      let pending: Record<string, unknown>[] = threadIds.map(threadKey);
      while (pending.length > 0) {
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetCommand({ RequestItems: { [tableName]: { Keys: pending } } }),
        );
        for (const { sk, updated_time, newest_at, is_imported } of Responses?.[tableName] ?? []) {
          found.set(String(sk).slice('thread#'.length), {
            updatedTime: String(updated_time),
            ...(typeof newest_at === 'number' && { newestAtMs: newest_at }),
            ...(is_imported === true && { isImported: is_imported }),
          });
        }
        pending = UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
      return found;
    },

    async saveLook(threadId: string, { updatedTime, newestAtMs, isImported }: Look): Promise<void> {
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...threadKey(threadId),
            v: 1,
            updated_time: updatedTime,
            ...(newestAtMs !== undefined && { newest_at: newestAtMs }),
            ...(isImported && { is_imported: isImported }),
          },
        }),
      );
    },

    async saveRun(run: ReconcileRun): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: { pk, sk: 'last', v: 1, run } }));
    },

    /** `undefined` before the first. */
    async lastRun(): Promise<ReconcileRun | undefined> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { pk, sk: 'last' } }));
      return Item?.run as ReconcileRun | undefined;
    },

    /** Whether it is time to wake it again: true for one caller in so many ms. */
    mayWake(everyMs: number): Promise<boolean> {
      const nowMs = Date.now();
      return conditionHeld(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk, sk: 'wake' },
            UpdateExpression: 'SET woken_at = :now',
            ConditionExpression: 'attribute_not_exists(woken_at) OR woken_at < :due',
            ExpressionAttributeValues: { ':now': nowMs, ':due': nowMs - everyMs },
          }),
        ),
      );
    },
  };
}

export type ReconcileStore = ReturnType<typeof reconcileStore>;
