import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** Why nothing of an account is sent: its owner said so, or Meta refuses the token. */
export type PauseReason = 'owner' | 'token_refused';

/** Whether the sends of an account are stopped. What waits is kept. */
export function pauseStore(client: DynamoDBDocumentClient, tableName: string, account: string) {
  const key = { pk: `sending#${account}`, sk: 'pause' };
  const update = (expression: string, reason: PauseReason, values?: Record<string, unknown>) =>
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: expression,
        ExpressionAttributeNames: { '#reason': reason },
        ...(values && { ExpressionAttributeValues: values }),
      }),
    );

  return {
    async pause(reason: PauseReason): Promise<void> {
      await update('SET #reason = :now', reason, { ':now': new Date().toISOString() });
    },

    async resume(reason: PauseReason): Promise<void> {
      await update('REMOVE #reason', reason);
    },

    /** Each reason that holds, with when it began (ISO 8601). */
    async reasons(): Promise<Partial<Record<PauseReason, string>>> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key }));
      const { owner, token_refused } = (Item ?? {}) as Partial<Record<PauseReason, string>>;
      return { ...(owner && { owner }), ...(token_refused && { token_refused }) };
    },
  };
}
