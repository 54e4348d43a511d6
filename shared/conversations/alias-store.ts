import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type CustomerId, customerId } from '../instagram/ids.ts';
import { type SummaryStore, summaryStore } from './summary-store.ts';
import { aliasKey, type ConversationKey, summaryKey } from './table-keys.ts';

/** Longer than any chain that proofs can make in practice; a longer one is read as far as this. */
const maxHops = 8;

/**
 * Which ids are the same person. An alias was proven: the same message was seen under both ids. Messages stay
 * where they are; the conversation of the canonical id is read together with those of its aliases.
 *
 * Every step of `link` can be repeated, and a crash between two leaves both conversations readable. It is called
 * by the holder of the reconcile lock alone, so that no two links are made against each other.
 */
export function aliasStore(client: DynamoDBDocumentClient, tableName: string) {
  const summaries: SummaryStore = summaryStore(client, tableName);

  async function canonicalId(conversation: ConversationKey): Promise<CustomerId | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: aliasKey(conversation), ConsistentRead: true }),
    );
    return customerId(Item?.canonical);
  }

  /** From the conversation to the one under whose id the customer is reached. */
  async function chainOf(conversation: ConversationKey): Promise<readonly ConversationKey[]> {
    const chain = [conversation];
    for (let hop = 0; hop < maxHops; hop += 1) {
      const current = chain.at(-1) ?? conversation;
      const next = await canonicalId(current);
      if (!next || chain.some(({ customerId: id }) => id === next)) break;
      chain.push({ ...current, customerId: next });
    }
    return chain;
  }

  async function canonicalOf(conversation: ConversationKey): Promise<ConversationKey> {
    return (await chainOf(conversation)).at(-1) ?? conversation;
  }

  async function addAliases(canonical: ConversationKey, aliases: readonly CustomerId[]): Promise<void> {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: summaryKey(canonical),
        UpdateExpression: 'ADD aliases :aliases',
        ExpressionAttributeValues: { ':aliases': new Set(aliases) },
      }),
    );
  }

  /** Moves what the inbox shows of the alias to the conversation that it is part of. */
  async function hand(alias: ConversationKey, canonical: ConversationKey): Promise<void> {
    const { summary, aliases } = await summaries.findWithAliases(alias);
    await addAliases(canonical, [alias.customerId, ...aliases]);
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
  }

  return {
    canonicalOf,

    /** Makes one conversation an alias of the other; again, or the other way round, changes nothing. */
    async link(alias: ConversationKey, canonical: ConversationKey): Promise<void> {
      const chain = await chainOf(alias);
      const from = chain.at(-1) ?? alias;
      const to = await canonicalOf(canonical);
      if (from.customerId !== to.customerId) {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...aliasKey(from), v: 1, type: 'alias', canonical: to.customerId },
          }),
        );
      }
      // All of the chain: an earlier call may have ended between two writes.
      for (const link of chain) if (link.customerId !== to.customerId) await hand(link, to);
    },
  };
}

export type AliasStore = ReturnType<typeof aliasStore>;
