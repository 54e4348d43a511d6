import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld, pauseAfterConflict } from '../runtime/conditional-write.ts';
import { ContendedItemError, type WriteResult } from './message-store.ts';
import { type Summary, summaryRegisters } from './summary.ts';
import { accountsPartition, type ConversationKey, summaryKey } from './table-keys.ts';

const maxAttempts = 8;

const attributeOf = {
  activityKey: 'activity_key',
  lastInAtMs: 'last_in_at',
  lastOutAtMs: 'last_out_at',
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

  /** Sets every given register, if every one of them rises by it. */
  function setIfAllRise(conversation: ConversationKey, summary: Summary): Promise<boolean> {
    const registers = summaryRegisters.filter((register) => summary[register] !== undefined);
    const assignments = registers.map((register) => `#${register} = :${register}`);
    return conditionHeld(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: summaryKey(conversation),
          UpdateExpression: `SET v = :v, #type = :type, account_id = :account, customer_id = :customer, inbox_key = :account, ${assignments.join(', ')}`,
          ConditionExpression: registers
            .map((register) => `(attribute_not_exists(#${register}) OR #${register} < :${register})`)
            .join(' AND '),
          ExpressionAttributeNames: {
            '#type': 'type',
            ...Object.fromEntries(registers.map((register) => [`#${register}`, attributeOf[register]])),
          },
          ExpressionAttributeValues: {
            ':v': 1,
            ':type': 'summary',
            ':account': conversation.accountId,
            ':customer': conversation.customerId,
            ...Object.fromEntries(registers.map((register) => [`:${register}`, summary[register]])),
          },
        }),
      ),
    );
  }

  return {
    /** The stored registers; none of a conversation that is not stored. */
    async find(conversation: ConversationKey, abortSignal?: AbortSignal): Promise<Summary> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: summaryKey(conversation) }),
        { ...(abortSignal && { abortSignal }) },
      );
      return readSummary(Item ?? {});
    },

    /** Raises the stored registers to those given; lower ones stay. */
    async raise(conversation: ConversationKey, summary: Summary): Promise<WriteResult> {
      let risen = summary;
      for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
        if (Object.keys(risen).length === 0) return 'unchanged';
        await listAccount(conversation.accountId);
        if (await setIfAllRise(conversation, risen)) return 'merged';
        if (attempt > 0) await pauseAfterConflict(attempt);
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: summaryKey(conversation), ConsistentRead: true }),
        );
        risen = rising(summary, readSummary(Item ?? {}));
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

export function readSummary(item: Record<string, unknown>): Summary {
  return Object.fromEntries(
    summaryRegisters.flatMap((register) => {
      const value = item[attributeOf[register]];
      return value === undefined ? [] : [[register, value]];
    }),
  );
}
