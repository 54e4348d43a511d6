import { createHmac, randomBytes } from 'node:crypto';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerId } from '../instagram/ids.ts';
import { conditionHeld } from '../runtime/conditional-write.ts';
import { type ConversationKey, conversationPartition } from './table-keys.ts';

const pk = 'forgotten';
const keyOfHashes = { pk, sk: 'key' };
const batchGetLimit = 100;
/** For so long a process believes that nobody was ever forgotten: `npm run forget` waits for longer before it looks again. */
export const believesNobodyForMs = 5_000;

/**
 * Which customers were forgotten, and up to when: a mark each, under a keyed hash of the id, so that no mark tells
 * whose it is. What is older than a mark is stored no more, by whatever way it comes: it is the history that was
 * erased. What the customer writes later is received as of anybody.
 */
export function forgottenStore(client: DynamoDBDocumentClient, tableName: string) {
  /** Never changed once it is there, so it is read once. */
  let key: string | undefined;
  let absentUntilMs = 0;

  async function findKey(): Promise<string | undefined> {
    if (key !== undefined || Date.now() < absentUntilMs) return key;
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOfHashes, ConsistentRead: true }),
    );
    key = Item?.key as string | undefined;
    if (key === undefined) absentUntilMs = Date.now() + believesNobodyForMs;
    return key;
  }

  /** The first to be forgotten makes the key. */
  async function madeKey(): Promise<string> {
    absentUntilMs = 0;
    const found = await findKey();
    if (found !== undefined) return found;
    const Item = { ...keyOfHashes, v: 1, type: 'forgotten_key', key: randomBytes(32).toString('hex') };
    const isMade = await conditionHeld(
      client.send(
        new PutCommand({ TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
      ),
    );
    if (!isMade) return madeKey();
    key = Item.key;
    return key;
  }

  return {
    /**
     * Up to when each of these customers was forgotten, in ms of our clock; those that never were are absent.
     * Consistent: who reads after the mark was written sees it, and after the very first mark who reads five seconds later.
     */
    async upTo(conversations: readonly ConversationKey[]): Promise<ReadonlyMap<CustomerId, number>> {
      const found = new Map<CustomerId, number>();
      const hashKey = conversations.length === 0 ? undefined : await findKey();
      if (hashKey === undefined) return found;
      const customers = new Map(
        conversations.map((each) => [sortKeyOf(each, hashKey), each.customerId] as const),
      );
      const keys = [...customers.keys()].map((sk) => ({ pk, sk }));
      for (let start = 0; start < keys.length; start += batchGetLimit) {
        let pending: Record<string, unknown>[] = keys.slice(start, start + batchGetLimit);
        while (pending.length > 0) {
          const { Responses, UnprocessedKeys } = await client.send(
            new BatchGetCommand({ RequestItems: { [tableName]: { Keys: pending, ConsistentRead: true } } }),
          );
          for (const { sk, up_to } of Responses?.[tableName] ?? []) {
            const customer = customers.get(String(sk));
            if (customer) found.set(customer, up_to as number);
          }
          pending = UnprocessedKeys?.[tableName]?.Keys ?? [];
        }
      }
      return found;
    },

    /** Marks the customer as forgotten up to this time; a later one replaces an earlier one. @returns the hash. */
    async mark(conversation: ConversationKey, upToMs: number): Promise<string> {
      const sk = sortKeyOf(conversation, await madeKey());
      await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { pk, sk, v: 1, type: 'forgotten', up_to: upToMs },
            ConditionExpression: 'attribute_not_exists(pk) OR up_to < :up_to',
            ExpressionAttributeValues: { ':up_to': upToMs },
          }),
        ),
      );
      return sk.slice(markPrefix.length);
    },
  };
}

export type ForgottenStore = ReturnType<typeof forgottenStore>;

const markPrefix = 'customer#';

const sortKeyOf = (conversation: ConversationKey, hashKey: string) =>
  `${markPrefix}${createHmac('sha256', hashKey).update(conversationPartition(conversation)).digest('hex')}`;
