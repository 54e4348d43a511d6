import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageId } from '../instagram/ids.ts';
import { type MessageStore, messageStore } from './message-store.ts';
import { type ConversationKey, conversationPartition, messagePrefix, midOf } from './table-keys.ts';

/**
 * Takes back a message wherever it stands: one that was unsent under one id of a customer is erased under the
 * others too. Called after something was stored under one of them, so that of two who store at once, the later
 * finds what the other stored.
 */
export async function spreadUnsend(
  messages: MessageStore,
  parts: readonly ConversationKey[],
  mid: MessageId,
): Promise<void> {
  if (parts.length < 2) return;
  const found = await Promise.all(
    parts.map(async (part) => ({ part, state: await messages.find(part, mid) })),
  );
  const times = found.flatMap(({ state }) => state?.deletedAtMs ?? []);
  if (times.length === 0) return;
  const tombstone = { via: [], deletedAtMs: Math.min(...times) };
  for (const { part, state } of found) {
    if (state && state.deletedAtMs === undefined) await messages.save(part, mid, tombstone);
  }
}

/** The same for all that was unsent before the ids were known to be one person. Reads every message, once a link. */
export async function spreadUnsends(
  client: DynamoDBDocumentClient,
  tableName: string,
  parts: readonly ConversationKey[],
): Promise<void> {
  const messages = messageStore(client, tableName);
  for (const part of parts) {
    for await (const mid of unsentIn(client, tableName, part)) await spreadUnsend(messages, parts, mid);
  }
}

async function* unsentIn(
  client: DynamoDBDocumentClient,
  tableName: string,
  conversation: ConversationKey,
): AsyncGenerator<MessageId> {
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :message)',
        FilterExpression: 'attribute_exists(deleted_at)',
        ProjectionExpression: 'sk',
        ExpressionAttributeValues: {
          ':pk': conversationPartition(conversation),
          ':message': messagePrefix,
        },
        ExclusiveStartKey: from,
      }),
    );
    for (const { sk } of Items) yield midOf(String(sk));
    from = LastEvaluatedKey;
  } while (from);
}
