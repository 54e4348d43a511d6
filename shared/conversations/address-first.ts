import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { conversationReader } from './conversation-reader.ts';
import type { ConversationKey } from './table-keys.ts';

const newestRead = 100;
/** Sorts before every time. */
const beginning = '0';

/**
 * Orders two ids of one customer by which of them can be written to: the one that webhooks came with, since an id
 * that Graph alone told of need not be; else the one whose messages are older. Whoever asks, the answer is the same.
 */
export async function addressFirst(
  client: DynamoDBDocumentClient,
  tableName: string,
  a: ConversationKey,
  b: ConversationKey,
): Promise<readonly [address: ConversationKey, alias: ConversationKey]> {
  const [rankA, rankB] = await Promise.all([rankOf(client, tableName, a), rankOf(client, tableName, b)]);
  return rankA < rankB ? [a, b] : [b, a];
}

/** Smaller is better. */
async function rankOf(
  client: DynamoDBDocumentClient,
  tableName: string,
  conversation: ConversationKey,
): Promise<string> {
  const reader = conversationReader(client, tableName);
  const [newest, oldest] = await Promise.all([
    reader.messages(conversation, newestRead),
    reader.messages(conversation, 1, { after: beginning }),
  ]);
  const isAddress = newest.items.some(({ state }) =>
    state.via.some((via) => via === 'messaging' || via === 'standby'),
  );
  const oldestKey = oldest.items[0]?.timelineKey ?? '~';
  return `${isAddress ? 0 : 1} ${oldestKey} ${conversation.customerId}`;
}
