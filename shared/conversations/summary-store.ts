import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type CustomerId, customerId } from '../instagram/ids.ts';
import { conditionHeld, pauseAfterConflict } from '../runtime/conditional-write.ts';
import { expiryOf } from '../runtime/retention.ts';
import { ContendedItemError, type WriteResult } from './message-store.ts';
import { readTimelineKey, type Summary, summaryRegisters } from './summary.ts';
import { accountsPartition, type ConversationKey, summaryKey } from './table-keys.ts';

const maxAttempts = 8;

const attributeOf = {
  activityKey: 'activity_key',
  lastInAtMs: 'last_in_at',
  lastOutAtMs: 'last_out_at',
  maybeOpenedAtMs: 'maybe_opened_at',
  readByUsAtMs: 'read_by_us_at',
  readByThemAtMs: 'read_by_them_at',
  refusedAtMs: 'refused_at',
} as const satisfies Record<keyof Summary, string>;

/** The summaries of the table: one item a conversation, each register only ever rising. */
export function summaryStore(client: DynamoDBDocumentClient, tableName: string) {
  const knownAccounts = new Set<string>();

  /** The inbox is read account by account, so an account is listed before its first conversation is. */
  async function listAccount(accountId: string): Promise<void> {
    if (knownAccounts.has(accountId)) return;
    await client.send(
      new PutCommand({ TableName: tableName, Item: { pk: accountsPartition, sk: accountId, v: 1 } }),
    );
    knownAccounts.add(accountId);
  }

  /**
   * Sets every given register, if every one of them rises by it and the conversation is no other's alias.
   * @returns whether the conversation is new; `undefined` when nothing was set.
   */
  async function setIfAllRise(conversation: ConversationKey, summary: Summary): Promise<boolean | undefined> {
    const registers = summaryRegisters.filter((register) => summary[register] !== undefined);
    const assignments = registers.map((register) => `#${register} = :${register}`);
    // A conversation goes with its newest message.
    const expiresAt = summary.activityKey && expiryOf(readTimelineKey(summary.activityKey).atMs);
    if (expiresAt !== undefined) assignments.push('expires_at = :expires_at');
    const isKept = summary.activityKey !== undefined && expiresAt === undefined;
    let isNew = false;
    const isSet = await conditionHeld(
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: summaryKey(conversation),
            ReturnValues: 'ALL_OLD',
            UpdateExpression: `SET v = :v, #type = :type, account_id = :account, customer_id = :customer, inbox_key = :account, ${assignments.join(', ')}${isKept ? ' REMOVE expires_at' : ''}`,
            ConditionExpression: [
              'attribute_not_exists(alias_of)',
              ...registers.map(
                (register) => `(attribute_not_exists(#${register}) OR #${register} < :${register})`,
              ),
            ].join(' AND '),
            ExpressionAttributeNames: {
              '#type': 'type',
              ...Object.fromEntries(registers.map((register) => [`#${register}`, attributeOf[register]])),
            },
            ExpressionAttributeValues: {
              ':v': 1,
              ':type': 'summary',
              ':account': conversation.accountId,
              ':customer': conversation.customerId,
              ...(expiresAt !== undefined && { ':expires_at': expiresAt }),
              ...Object.fromEntries(registers.map((register) => [`:${register}`, summary[register]])),
            },
          }),
        )
        .then(({ Attributes }) => {
          isNew = Attributes === undefined;
        }),
    );
    return isSet ? isNew : undefined;
  }

  async function read(
    conversation: ConversationKey,
    options: { readonly isConsistent?: boolean; readonly abortSignal?: AbortSignal | undefined } = {},
  ): Promise<Record<string, unknown>> {
    const { isConsistent = false, abortSignal } = options;
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: summaryKey(conversation), ConsistentRead: isConsistent }),
      { ...(abortSignal && { abortSignal }) },
    );
    return Item ?? {};
  }

  /** The customer that an alias stands for. */
  const canonicalIn = (item: Record<string, unknown>, { accountId }: ConversationKey) => {
    const canonical = customerId(item.alias_of);
    return canonical && { accountId, customerId: canonical };
  };

  return {
    /** The stored registers, of an alias those of whom it stands for; none of what is not stored. */
    async find(conversation: ConversationKey, abortSignal?: AbortSignal): Promise<Summary> {
      const item = await read(conversation, { abortSignal });
      const canonical = canonicalIn(item, conversation);
      return readSummary(canonical ? await read(canonical, { abortSignal }) : item);
    },

    /** The conversation's own registers, and the ids that are aliases of it. */
    async findWithAliases(
      conversation: ConversationKey,
    ): Promise<{ readonly summary: Summary; readonly aliases: readonly CustomerId[] }> {
      const item = await read(conversation, { isConsistent: true });
      return { summary: readSummary(item), aliases: readAliases(item) };
    },

    /**
     * Raises the stored registers to those given; lower ones stay. What comes under an alias raises the registers
     * of whom it stands for, so that the alias does not come back into the inbox.
     */
    async raise(conversation: ConversationKey, summary: Summary): Promise<WriteResult> {
      let risen = summary;
      for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
        if (Object.keys(risen).length === 0) return 'unchanged';
        await listAccount(conversation.accountId);
        const isNew = await setIfAllRise(conversation, risen);
        if (isNew !== undefined) return isNew ? 'created' : 'merged';
        if (attempt > 0) await pauseAfterConflict(attempt);
        const item = await read(conversation, { isConsistent: true });
        const canonical = canonicalIn(item, conversation);
        if (canonical) return this.raise(canonical, summary);
        risen = rising(summary, readSummary(item));
      }
      throw new ContendedItemError(`A conversation was changed by others ${maxAttempts} times in a row`);
    },
  };
}

export type SummaryStore = ReturnType<typeof summaryStore>;

/** The registers of `summary` that are greater than the stored ones. */
function rising(summary: Summary, stored: Summary): Summary {
  return Object.fromEntries(
    summaryRegisters.flatMap((register) => {
      const [given, known] = [summary[register], stored[register]];
      return given !== undefined && (known === undefined || given > known) ? [[register, given]] : [];
    }),
  );
}

/** Ids under which the same customer is known too. */
export function readAliases(item: Record<string, unknown>): CustomerId[] {
  return item.aliases instanceof Set
    ? [...item.aliases].flatMap((id) => customerId(id) ?? []).toSorted()
    : [];
}

export function readSummary(item: Record<string, unknown>): Summary {
  return Object.fromEntries(
    summaryRegisters.flatMap((register) => {
      const value = item[attributeOf[register]];
      return value === undefined ? [] : [[register, value]];
    }),
  );
}
