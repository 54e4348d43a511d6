import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld } from '../runtime/conditional-write.ts';
import { callBudgetKey } from './table-keys.ts';

/** Calls a second and account. https://developers.facebook.com/docs/instagram-platform/overview */
const callsPerSecond = { conversations: 2 } as const;

export type BudgetKind = keyof typeof callsPerSecond;

const keptSeconds = 3600;

/** Counts calls to Meta in the table, so that all functions together stay within Meta's limits. */
export function callBudget(client: DynamoDBDocumentClient, tableName: string, account: string) {
  async function take(kind: BudgetKind, epochSecond: number): Promise<boolean> {
    return conditionHeld(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: callBudgetKey(account, kind, epochSecond),
          UpdateExpression: 'ADD calls :one SET expires_at = :end',
          ConditionExpression: 'attribute_not_exists(calls) OR calls < :limit',
          ExpressionAttributeValues: {
            ':one': 1,
            ':limit': callsPerSecond[kind],
            ':end': epochSecond + keptSeconds,
          },
        }),
      ),
    );
  }

  return {
    /** Waits for a call's turn. @returns false when none comes before the deadline. */
    async wait(kind: BudgetKind, deadlineMs: number): Promise<boolean> {
      for (;;) {
        const nowMs = Date.now();
        if (nowMs >= deadlineMs) return false;
        if (await take(kind, Math.floor(nowMs / 1000))) return true;
        await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
      }
    },
  };
}

export type CallBudget = ReturnType<typeof callBudget>;
