import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

/** Then one send tries again: the token may have been renewed, or the permission given back. */
const pausedForMs = 60_000;

/** Whether Meta has just refused the account's token: what waits is kept, and does not ask Meta over and over. */
export function pauseStore(client: DynamoDBDocumentClient, tableName: string, account: string) {
  const key = { pk: `sending#${account}`, sk: 'pause' };
  return {
    async pause(): Promise<void> {
      await client.send(
        new PutCommand({ TableName: tableName, Item: { ...key, v: 1, paused_at: Date.now() } }),
      );
    },

    async isPaused(): Promise<boolean> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key }));
      return typeof Item?.paused_at === 'number' && Date.now() - Item.paused_at < pausedForMs;
    },
  };
}
