import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { conversationPartition, messagePrefix } from '../../shared/conversations/table-keys.ts';
import { accountId } from '../builders/webhook.ts';
import type { BenchGateway } from './bench-gateway.ts';

/** How many messages of these customers are stored. */
export async function countMessages(
  { table, tableName }: BenchGateway,
  customerIds: readonly string[],
): Promise<number> {
  const counts = await Promise.all(
    customerIds.map(async (customerId) => {
      const { Count = 0 } = await table.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :message)',
          ExpressionAttributeValues: {
            ':pk': conversationPartition({ accountId, customerId } as never),
            ':message': messagePrefix,
          },
          Select: 'COUNT',
        }),
      );
      return Count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
