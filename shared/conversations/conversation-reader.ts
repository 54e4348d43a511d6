import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type AccountId, accountId, type CustomerId, customerId, type MessageId } from '../instagram/ids.ts';
import { hasExpired } from '../runtime/retention.ts';
import { type Contact, readContact } from './contact-store.ts';
import { merge } from './merge.ts';
import { readMessageState } from './message-item.ts';
import type { MessageState } from './message-state.ts';
import { readTimelineKey, type Summary, timelineKey } from './summary.ts';
import { readAliases, readSummary } from './summary-store.ts';
import {
  accountsPartition,
  type ConversationKey,
  contactKey,
  conversationPartition,
  inboxIndex,
  messageKey,
  midOf,
  summaryKey,
  timelineIndex,
} from './table-keys.ts';

/** A customer's conversation, with the other ids under which parts of it are stored. */
export interface ConversationParts extends ConversationKey {
  readonly aliases: readonly CustomerId[];
}

export interface StoredConversation extends ConversationParts {
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

/** Where a page begins: behind (older than) a key, or before (newer than) one. Neither: at the newest. */
export type Place = { readonly before?: string } | { readonly after: string };

const batchGetLimit = 100;
const maxAccounts = 50;
const parallelReads = 10;

/** The reading side of the table: queries alone, whose cost does not grow with the table. */
export function conversationReader(client: DynamoDBDocumentClient, tableName: string) {
  /** Up to `limit` items; DynamoDB ends a page at 1 MB, however many items were asked for. */
  async function query(input: Omit<QueryCommandInput, 'TableName'>, limit: number) {
    const items: Record<string, unknown>[] = [];
    const nowMs = Date.now();
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
      items.push(...Items.filter((item) => !hasExpired(item, nowMs)));
      from = LastEvaluatedKey;
    } while (from && items.length < limit);
    return items;
  }

  /** Items of an index next to a place: the nearest ones, whichever way. */
  function queryAt(
    partition: string,
    value: string,
    sort: string,
    index: string,
    place: Place,
    limit: number,
  ) {
    const bound = 'after' in place ? place.after : place.before;
    const comparison = 'after' in place ? '>' : '<';
    return query(
      {
        IndexName: index,
        KeyConditionExpression: `${partition} = :p${bound === undefined ? '' : ` AND ${sort} ${comparison} :bound`}`,
        ExpressionAttributeValues: { ':p': value, ...(bound !== undefined && { ':bound': bound }) },
        ScanIndexForward: 'after' in place,
        ...(index === timelineIndex && { ConsistentRead: true }),
      },
      limit,
    );
  }

  async function accounts(): Promise<AccountId[]> {
    const items = await query(
      { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': accountsPartition } },
      maxAccounts,
    );
    return items.flatMap((item) => accountId(item.sk) ?? []);
  }

  /** Reads items by their keys, as many as there are. */
  async function batchGet(
    keys: readonly { readonly pk: string; readonly sk: string }[],
  ): Promise<Map<string, Record<string, unknown>>> {
    const found = new Map<string, Record<string, unknown>>();
    const nowMs = Date.now();
    for (let start = 0; start < keys.length; start += batchGetLimit) {
      let pending: Record<string, unknown>[] = keys.slice(start, start + batchGetLimit);
      while (pending.length > 0) {
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetCommand({ RequestItems: { [tableName]: { Keys: pending } } }),
        );
        for (const item of Responses?.[tableName] ?? []) {
          if (!hasExpired(item, nowMs)) found.set(`${item.pk}\n${item.sk}`, item);
        }
        pending = UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
    }
    return found;
  }

  const itemIn = (
    found: ReadonlyMap<string, Record<string, unknown>>,
    { pk, sk }: { readonly pk: string; readonly sk: string },
  ) => found.get(`${pk}\n${sk}`);

  async function findParts(key: ConversationKey): Promise<StoredConversation | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: summaryKey(key) }));
    const canonical = customerId(Item?.alias_of);
    if (canonical && canonical !== key.customerId) return findParts({ ...key, customerId: canonical });
    if (Item && hasExpired(Item, Date.now())) return undefined;
    return Item && readConversation({ account_id: key.accountId, customer_id: key.customerId, ...Item })[0];
  }

  /**
   * Of messages that stand under several ids of one customer, each once, with all that is known of it. One that
   * stands elsewhere at another time is left to its place there.
   */
  async function joinParts(
    parts: ConversationParts,
    found: readonly StoredMessage[],
  ): Promise<StoredMessage[]> {
    const keys = [parts.customerId, ...parts.aliases].map((id) => ({ ...parts, customerId: id }));
    const mids = [...new Set(found.map(({ id }) => id))];
    const stored = await batchGet(keys.flatMap((key) => mids.map((mid) => messageKey(key, mid))));
    const joined = mids.map((id): StoredMessage => {
      const states = keys.flatMap((key) => {
        const item = itemIn(stored, messageKey(key, id));
        return item ? [readMessageState(item)] : [];
      });
      const state = states.reduce(merge);
      return { id, state, timelineKey: state.sentAt ? timelineKey(state.sentAt.atMs, id) : '' };
    });
    const places = new Set(found.map((message) => message.timelineKey));
    return joined.filter((message) => places.has(message.timelineKey));
  }

  return {
    /** Conversations of every account, newest activity first. */
    async inbox(limit: number, place: Place = {}): Promise<Page<StoredConversation>> {
      const perAccount = await Promise.all(
        (await accounts()).map(async (account) =>
          (await queryAt('inbox_key', account, 'activity_key', inboxIndex, place, limit + 1)).flatMap(
            readConversation,
          ),
        ),
      );
      return pageOf(perAccount.flat(), limit, place, ({ summary }) => summary.activityKey);
    },

    accounts,

    /** The conversation of a customer, under whichever of their ids; `undefined` when nothing is stored of it. */
    find: findParts,

    /** The conversations of these customers that there are, in this order. */
    async findAll(keys: readonly ConversationKey[]): Promise<StoredConversation[]> {
      const found: (StoredConversation | undefined)[] = [];
      for (let start = 0; start < keys.length; start += parallelReads) {
        found.push(...(await Promise.all(keys.slice(start, start + parallelReads).map(findParts))));
      }
      const byId = new Map(found.flatMap((each) => (each ? [[conversationPartition(each), each]] : [])));
      return [...byId.values()];
    },

    /** Messages of the conversation, wherever they are stored, in one timeline. */
    async messages(
      conversation: ConversationKey & Partial<ConversationParts>,
      limit: number,
      place: Place = {},
    ): Promise<Page<StoredMessage>> {
      const parts = { ...conversation, aliases: conversation.aliases ?? [] };
      const perPart = await Promise.all(
        [parts.customerId, ...parts.aliases].map((id) =>
          queryAt(
            'pk',
            conversationPartition({ ...parts, customerId: id }),
            'timeline_key',
            timelineIndex,
            place,
            limit + 1,
          ),
        ),
      );
      const found = perPart.flat().map(readMessage);
      if (parts.aliases.length === 0) return pageOf(found, limit, place, (message) => message.timelineKey);
      const nearest = nearestFirst(found, place, (message) => message.timelineKey).slice(0, limit + 1);
      const joined = await joinParts(parts, nearest);
      // Where a page ends is where the reading ended, whatever was shown of it.
      const page = pageOf(nearest, limit, place, (message) => message.timelineKey);
      const shown = new Set(page.items.map((message) => message.timelineKey));
      return {
        ...page,
        items: newestFirst(
          joined.filter((message) => shown.has(message.timelineKey)),
          (message) => message.timelineKey,
        ),
      };
    },

    /** Of each conversation its newest message and its contact, where they are stored. */
    async previews(
      conversations: readonly StoredConversation[],
    ): Promise<Map<StoredConversation, { readonly newest?: StoredMessage; readonly contact?: Contact }>> {
      const keysOf = (conversation: StoredConversation) =>
        [conversation.customerId, ...conversation.aliases].map((id) => ({ ...conversation, customerId: id }));
      const newestKey = (key: ConversationKey, { summary }: StoredConversation) =>
        messageKey(key, readTimelineKey(summary.activityKey).mid as MessageId);
      const found = await batchGet(
        conversations.flatMap((conversation) =>
          keysOf(conversation).flatMap((key) => [newestKey(key, conversation), contactKey(key)]),
        ),
      );
      return new Map(
        conversations.map((conversation) => {
          const keys = keysOf(conversation);
          const { activityKey } = conversation.summary;
          const states = keys.flatMap((key) => {
            const item = itemIn(found, newestKey(key, conversation));
            return item ? [readMessageState(item)] : [];
          });
          const newest = states.length > 0 && {
            id: readTimelineKey(activityKey).mid as MessageId,
            timelineKey: activityKey,
            state: states.reduce(merge),
          };
          const contacts = keys.flatMap((key) => {
            const item = itemIn(found, contactKey(key));
            return item ? [readContact(item)] : [];
          });
          const contact = contacts.find(({ isMiss }) => !isMiss) ?? contacts[0];
          return [conversation, { ...(newest && { newest }), ...(contact && { contact }) }];
        }),
      );
    },
  };
}

export type ConversationReader = ReturnType<typeof conversationReader>;

/** The items nearest to the place, newest first, and where to go on. */
function pageOf<T>(found: readonly T[], limit: number, place: Place, keyOf: (item: T) => string): Page<T> {
  const nearest = nearestFirst(found, place, keyOf);
  const last = nearest[Math.min(limit, nearest.length) - 1];
  return {
    items: newestFirst(nearest.slice(0, limit), keyOf),
    ...(nearest.length > limit && last !== undefined && { next: keyOf(last) }),
  };
}

function nearestFirst<T>(found: readonly T[], place: Place, keyOf: (item: T) => string): T[] {
  return 'after' in place ? newestFirst(found, keyOf).toReversed() : newestFirst(found, keyOf);
}

function newestFirst<T>(found: readonly T[], keyOf: (item: T) => string): T[] {
  return found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : keyOf(a) > keyOf(b) ? -1 : 0));
}

function readConversation(item: Record<string, unknown>): StoredConversation[] {
  const account = accountId(item.account_id);
  const customer = customerId(item.customer_id);
  const { activityKey, ...rest } = readSummary(item);
  if (!account || !customer || activityKey === undefined) return [];
  return [
    {
      accountId: account,
      customerId: customer,
      aliases: readAliases(item),
      summary: { ...rest, activityKey },
    },
  ];
}

function readMessage(item: Record<string, unknown>): StoredMessage {
  return {
    id: midOf(item.sk as string),
    timelineKey: (item.timeline_key as string | undefined) ?? '',
    state: readMessageState(item),
  };
}
