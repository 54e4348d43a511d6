import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type CustomerId, customerId } from '../instagram/ids.ts';
import { conditionHeld } from '../runtime/conditional-write.ts';
import { ContendedItemError } from './message-store.ts';
import { spreadUnsends } from './spread-unsends.ts';
import { type SummaryStore, summaryStore } from './summary-store.ts';
import { aliasKey, type ConversationKey, summaryKey } from './table-keys.ts';

/** An id, and the one it is an alias of. */
interface Link {
  readonly conversation: ConversationKey;
  readonly canonical?: CustomerId;
  /** All that belongs to the link was written; absent while it is, and after a crash. */
  readonly isDone?: boolean;
}

/**
 * Which ids are the same person. An alias was proven: the same message was seen under both ids. Messages stay
 * where they are; the conversation of the canonical id is read together with those of its aliases.
 *
 * Every step of `link` can be repeated, and a crash between two leaves both conversations readable; `resolve`
 * finishes what a crash left. Both are called by the holder of the reconcile lock alone, so that no two links are
 * made against each other.
 */
export function aliasStore(client: DynamoDBDocumentClient, tableName: string) {
  const summaries: SummaryStore = summaryStore(client, tableName);

  async function readLink(conversation: ConversationKey): Promise<Link> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: aliasKey(conversation), ConsistentRead: true }),
    );
    const canonical = customerId(Item?.canonical);
    return canonical ? { conversation, canonical, isDone: Item?.is_done === true } : { conversation };
  }

  /** From the conversation to the one under whose id the customer is reached. */
  async function chainOf(
    conversation: ConversationKey,
    passed: readonly CustomerId[] = [],
  ): Promise<readonly [Link, ...Link[]]> {
    const link = await readLink(conversation);
    const { canonical } = link;
    const isEnd = canonical === undefined || passed.includes(canonical);
    if (isEnd) return [link];
    const next = { ...conversation, customerId: canonical };
    return [link, ...(await chainOf(next, [...passed, conversation.customerId]))];
  }

  async function canonicalOf(conversation: ConversationKey): Promise<ConversationKey> {
    return lastOf(await chainOf(conversation)).conversation;
  }

  async function partsOf(conversation: ConversationKey): Promise<readonly ConversationKey[]> {
    const canonical = await canonicalOf(conversation);
    const { aliases } = await summaries.findWithAliases(canonical);
    const ids = new Set([canonical.customerId, ...aliases, conversation.customerId]);
    return [...ids].map((id) => ({ ...canonical, customerId: id }));
  }

  /** Moves what the inbox shows of the alias to the conversation that it is part of. */
  async function hand(alias: ConversationKey, canonical: ConversationKey): Promise<void> {
    const { summary, aliases } = await summaries.findWithAliases(alias);
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: summaryKey(canonical),
        UpdateExpression: 'ADD aliases :aliases',
        ExpressionAttributeValues: { ':aliases': new Set([alias.customerId, ...aliases]) },
      }),
    );
    await summaries.raise(canonical, summary);
    // Until now both are in the inbox, rather than neither.
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: summaryKey(alias),
        UpdateExpression: 'SET alias_of = :canonical REMOVE inbox_key',
        ExpressionAttributeValues: { ':canonical': canonical.customerId },
      }),
    );
    // What came in while this was being done.
    await summaries.raise(canonical, (await summaries.findWithAliases(alias)).summary);
    await spreadUnsends(client, tableName, await partsOf(canonical));
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: aliasKey(alias),
        UpdateExpression: 'SET is_done = :true',
        ExpressionAttributeValues: { ':true': true },
      }),
    );
  }

  /**
   * Makes one conversation an alias of the other; again, or the other way round, changes nothing.
   * @throws ContendedItemError when somebody else links the same ids now
   */
  async function link(alias: ConversationKey, canonical: ConversationKey): Promise<void> {
    const chain = await chainOf(alias);
    const from = lastOf(chain).conversation;
    const to = await canonicalOf(canonical);
    if (from.customerId !== to.customerId) {
      const isWritten = await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...aliasKey(from), v: 1, type: 'alias', canonical: to.customerId },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
      if (!isWritten) throw new ContendedItemError('Somebody else made another link of this id');
    }
    // All of the chain: an earlier call may have ended between two writes.
    for (const { conversation } of chain) {
      if (conversation.customerId !== to.customerId) await hand(conversation, to);
    }
  }

  return {
    canonicalOf,
    link,

    /** The conversation under whose id the customer is reached, after the links to it were made whole. */
    async resolve(conversation: ConversationKey): Promise<ConversationKey> {
      const chain = await chainOf(conversation);
      const canonical = lastOf(chain).conversation;
      if (chain.some(({ isDone }) => isDone === false)) await link(conversation, canonical);
      return canonical;
    },

    /** Every conversation in which messages of this customer stand, the canonical one first. */
    partsOf,
  };
}

export type AliasStore = ReturnType<typeof aliasStore>;

const lastOf = ([first, ...others]: readonly [Link, ...Link[]]): Link => others.at(-1) ?? first;
