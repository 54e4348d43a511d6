import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type AccountId, accountId, customerId, type MessageId } from '../instagram/ids.ts';
import { readMessageState } from './message-item.ts';
import type { MessageState } from './message-state.ts';
import { readTimelineKey, type Summary } from './summary.ts';
import { readSummary } from './summary-store.ts';
import {
  accountsPartition,
  type ConversationKey,
  conversationPartition,
  inboxIndex,
  messageKey,
  midOf,
  timelineIndex,
} from './table-keys.ts';

export interface StoredConversation extends ConversationKey {
  readonly summary: Summary & { readonly activityKey: string };
}

export interface StoredMessage {
  readonly id: MessageId;
  readonly timelineKey: string;
  readonly state: MessageState;
}

/** A page, newest first. `next` is the key to continue after; absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

const batchGetLimit = 100;
const maxAccounts = 50;

/** The reading side of the table: queries alone, whose cost does not grow with the table. */
export function conversationReader(client: DynamoDBDocumentClient, tableName: string) {
  /** Up to `limit` items; DynamoDB ends a page at 1 MB, however many items were asked for. */
  async function query(input: Omit<QueryCommandInput, 'TableName'>, limit: number) {
    const items: Record<string, unknown>[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          ...input,
          Limit: limit - items.length,
          ExclusiveStartKey: from,
        }),
      );
      items.push(...Items);
      from = LastEvaluatedKey;
    } while (from && items.length < limit);
    return items;
  }

  async function accounts(): Promise<AccountId[]> {
    const items = await query(
      { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': accountsPartition } },
      maxAccounts,
    );
    return items.flatMap((item) => accountId(item.sk) ?? []);
  }

  async function inboxOf(account: AccountId, limit: number, before: string | undefined) {
    const items = await query(
      {
        IndexName: inboxIndex,
        KeyConditionExpression: before ? 'inbox_key = :a AND activity_key < :b' : 'inbox_key = :a',
        ExpressionAttributeValues: { ':a': account, ...(before && { ':b': before }) },
        ScanIndexForward: false,
      },
      limit,
    );
    return items.flatMap(readConversation);
  }

  return {
    /** Conversations of every account, newest activity first. */
    async inbox(limit: number, before?: string): Promise<Page<StoredConversation>> {
      const perAccount = await Promise.all(
        (await accounts()).map((account) => inboxOf(account, limit + 1, before)),
      );
      const found = perAccount
        .flat()
        .sort((a, b) => (a.summary.activityKey < b.summary.activityKey ? 1 : -1));
      return page(found, limit, (conversation) => conversation.summary.activityKey);
    },

    async messages(
      conversation: ConversationKey,
      limit: number,
      before?: string,
    ): Promise<Page<StoredMessage>> {
      const items = await query(
        {
          IndexName: timelineIndex,
          KeyConditionExpression: before ? 'pk = :pk AND timeline_key < :b' : 'pk = :pk',
          ExpressionAttributeValues: {
            ':pk': conversationPartition(conversation),
            ...(before && { ':b': before }),
          },
          ScanIndexForward: false,
          ConsistentRead: true,
        },
        limit + 1,
      );
      return page(items.map(readMessage), limit, (message) => message.timelineKey);
    },

    /** The newest message of each conversation, by its place in the summary; absent where it is not stored. */
    async newestMessages(
      conversations: readonly StoredConversation[],
    ): Promise<Map<StoredConversation, StoredMessage>> {
      const keys = conversations.map((conversation) =>
        messageKey(conversation, readTimelineKey(conversation.summary.activityKey).mid as MessageId),
      );
      const found = new Map<string, StoredMessage>();
      for (let start = 0; start < keys.length; start += batchGetLimit) {
        let pending: Record<string, unknown>[] = keys.slice(start, start + batchGetLimit);
        while (pending.length > 0) {
          const { Responses, UnprocessedKeys } = await client.send(
            new BatchGetCommand({ RequestItems: { [tableName]: { Keys: pending } } }),
          );
          for (const item of Responses?.[tableName] ?? []) {
            found.set(`${item.pk}\n${item.sk}`, readMessage(item));
          }
          pending = UnprocessedKeys?.[tableName]?.Keys ?? [];
        }
      }
      return new Map(
        conversations.flatMap((conversation, place) => {
          const key = keys[place];
          const message = key && found.get(`${key.pk}\n${key.sk}`);
          return message ? [[conversation, message] as const] : [];
        }),
      );
    },
  };
}

export type ConversationReader = ReturnType<typeof conversationReader>;

function page<T>(found: readonly T[], limit: number, keyOf: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: keyOf(last) } : { items };
}

function readConversation(item: Record<string, unknown>): StoredConversation[] {
  const account = accountId(item.account_id);
  const customer = customerId(item.customer_id);
  const { activityKey, ...rest } = readSummary(item);
  if (!account || !customer || activityKey === undefined) return [];
  return [{ accountId: account, customerId: customer, summary: { ...rest, activityKey } }];
}

function readMessage(item: Record<string, unknown>): StoredMessage {
  return {
    id: midOf(item.sk as string),
    timelineKey: (item.timeline_key as string | undefined) ?? '',
    state: readMessageState(item),
  };
}
