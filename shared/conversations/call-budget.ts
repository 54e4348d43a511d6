import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld, pauseAfterConflict } from '../runtime/conditional-write.ts';
import { callBudgetKey } from './table-keys.ts';

interface Pace {
  /** Between two calls, once the burst is used up. */
  readonly intervalMs: number;
  /** Calls that may come at once after a pause. */
  readonly burst: number;
}

/**
 * How fast each kind of call may be made for one account, below Meta's limits by what a call may be delayed on
 * its way: no second of Meta's, wherever it begins, then sees more than the limit.
 *
 * Meta's limits: 2 a second for Conversations, 100 for text, 10 for audio and video, 100 for private replies
 * to Live comments; 750 an hour for those to posts. https://developers.facebook.com/docs/instagram-platform/overview
 */
const paces = {
  conversations: { intervalMs: 600, burst: 1 },
  text: { intervalMs: 12, burst: 10 },
  media: { intervalMs: 125, burst: 1 },
  live_private_reply: { intervalMs: 12, burst: 10 },
  private_reply: { intervalMs: 5500, burst: 50 },
} as const satisfies Record<string, Pace>;

/** A call may be later than its turn by this, and the limits above hold. One turn at a time: a burst is early anyway. */
const maxLateMs = 200;
/** A store as slow as that delays calls; it stops none. */
const maxLateTurns = 3;

export type BudgetKind = keyof typeof paces;

/**
 * Paces the calls of one account to Meta, for all functions together: an item for each kind holds when the next
 * call's turn is (a generic cell rate algorithm). Who comes takes the next turn and waits for it, so turns are
 * given in the order of coming.
 */
export function callBudget(client: DynamoDBDocumentClient, tableName: string, account: string) {
  const isApplied = (kind: BudgetKind, expression: string, condition: string, values: object) =>
    client
      .send(
        new UpdateCommand({
          TableName: tableName,
          Key: callBudgetKey(account, kind),
          UpdateExpression: `SET ${expression}`,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'UPDATED_NEW',
        }),
      )
      .then(({ Attributes }) => Attributes?.next_at as number)
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
        throw error;
      });

  async function nextTurn(kind: BudgetKind): Promise<number> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: callBudgetKey(account, kind), ConsistentRead: true }),
    );
    return (Item?.next_at as number | undefined) ?? 0;
  }

  /** When the taken turn is, in ms; `undefined` when it would be after the deadline. */
  async function takeTurn(kind: BudgetKind, deadlineMs: number): Promise<number | undefined> {
    const { intervalMs, burst } = paces[kind];
    const credit = (burst - 1) * intervalMs;
    for (let attempt = 0; Date.now() < deadlineMs; attempt += 1) {
      const nowMs = Date.now();
      const afterOthers = await isApplied(
        kind,
        'next_at = next_at + :interval',
        'next_at > :now AND next_at <= :latest',
        { ':interval': intervalMs, ':now': nowMs, ':latest': deadlineMs + credit },
      );
      if (afterOthers !== undefined) return afterOthers - intervalMs - credit;
      const first = await isApplied(
        kind,
        'next_at = :next',
        'attribute_not_exists(next_at) OR next_at <= :now',
        { ':next': nowMs + intervalMs, ':now': nowMs },
      );
      if (first !== undefined) return nowMs;
      // Others took turns between the two tries, or the queue is longer than we wait.
      if ((await nextTurn(kind)) > deadlineMs + credit) return undefined;
      await pauseAfterConflict(Math.min(attempt, 5));
    }
    return undefined;
  }

  /** Gives nobody a turn before then: Meta throttles, and calling on would lengthen it. */
  async function holdUntil(kind: BudgetKind, untilMs: number): Promise<void> {
    const { intervalMs, burst } = paces[kind];
    await conditionHeld(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: callBudgetKey(account, kind),
          UpdateExpression: 'SET next_at = :until',
          ConditionExpression: 'attribute_not_exists(next_at) OR next_at < :until',
          ExpressionAttributeValues: { ':until': untilMs + (burst - 1) * intervalMs },
        }),
      ),
    );
  }

  return {
    holdUntil,

    /** The same for every kind: the limit is the app's, the account's or, of `sends`, the Send API's. */
    async holdAllUntil(untilMs: number, which: 'all' | 'sends'): Promise<void> {
      const kinds = Object.keys(paces) as BudgetKind[];
      const held = kinds.filter((kind) => which === 'all' || kind !== 'conversations');
      await Promise.all(held.map((kind) => holdUntil(kind, untilMs)));
    },

    /**
     * Waits for a call's turn. One that comes too late, since the store was slow to give it, is let go: the call
     * would meet the next one's. @returns false when none comes before the deadline.
     */
    async wait(kind: BudgetKind, deadlineMs: number): Promise<boolean> {
      if (Date.now() >= deadlineMs) return false;
      for (let late = 0; ; late += 1) {
        const turnMs = await takeTurn(kind, deadlineMs);
        if (turnMs === undefined) return false;
        const waitMs = turnMs - Date.now();
        if (waitMs > 0) await delay(waitMs);
        const isLate = paces[kind].burst === 1 && Date.now() - turnMs > maxLateMs;
        if (!isLate || late >= maxLateTurns) return true;
      }
    },
  };
}

export type CallBudget = ReturnType<typeof callBudget>;
