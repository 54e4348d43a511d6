import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { timelineKey } from '../conversations/summary.ts';
import { inboxIndex } from '../conversations/table-keys.ts';
import type { AccountId, MessageId } from '../instagram/ids.ts';
import { conditionHeld } from '../runtime/conditional-write.ts';
import { messageLifetimeMs } from '../runtime/retention.ts';
import { isSettled, type SendId, type SendRow, type SendState } from './send-row.ts';

/** Rows are kept as long as a caller may come back with the same key, and no longer than messages are. */
const keptMs = 30 * 24 * 60 * 60 * 1000;
const expiryAfter = (atMs: number) =>
  Math.floor((atMs + Math.min(keptMs, messageLifetimeMs() ?? keptMs)) / 1000);

const rowKey = (sendId: SendId) => ({ pk: `send#${sendId}`, sk: 'send' });
const claimKey = (account: AccountId, mid: MessageId) => ({ pk: `claim#${account}#${mid}`, sk: 'claim' });
const claimItem = (account: AccountId, mid: MessageId, sendId: SendId) => ({
  ...claimKey(account, mid),
  v: 1,
  type: 'claim',
  send_id: sendId,
  expires_at: expiryAfter(Date.now()),
});
/** Unsettled rows stand in the inbox index under a key that no account has. */
const unsettledKey = (account: AccountId) => `sends#${account}`;

/** The sends of the table. Every change is conditional on the row that it was made from. */
export function sendLedger(client: DynamoDBDocumentClient, tableName: string) {
  const written = new Map<SendId, SendRow>();

  async function find(sendId: SendId): Promise<SendRow | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: rowKey(sendId), ConsistentRead: true }),
    );
    return Item && fromItem(Item);
  }

  async function put(row: SendRow, condition: 'new' | number): Promise<boolean> {
    written.delete(row.sendId);
    const isWritten = await conditionHeld(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: toItem(row),
          ...(condition === 'new'
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: 'revision = :revision',
                ExpressionAttributeValues: { ':revision': condition },
              }),
        }),
      ),
    );
    if (isWritten) written.set(row.sendId, row);
    return isWritten;
  }

  return {
    /**
     * The row as this ledger wrote it last, else as it is stored. Others may have changed it since: enough for whoever
     * has just accepted it, since a change made from it is refused then.
     */
    recall: async (sendId: SendId): Promise<SendRow | undefined> =>
      written.get(sendId) ?? (await find(sendId)),

    find,

    /** Puts the row unless its id is taken. @returns the row that is stored then, by whomever. */
    async accept(row: SendRow): Promise<SendRow> {
      if (await put(row, 'new')) return row;
      const stored = await find(row.sendId);
      // It expired between the two calls: then the id is free.
      return stored ?? this.accept(row);
    },

    /** @returns the changed row, or `undefined` when somebody else changed it first. */
    async change(
      row: SendRow,
      change: Partial<Omit<SendRow, 'sendId' | 'revision' | 'outcome'>>,
    ): Promise<SendRow | undefined> {
      const { outcome, ...rest } = row;
      const next = change.state ? outcomeOf(change.state) : outcome;
      const changed = { ...rest, ...change, ...(next && { outcome: next }), revision: row.revision + 1 };
      return (await put(changed, row.revision)) ? changed : undefined;
    },

    /** Notes that subscribers were told how it ended. @returns as `change`. */
    async noteTold(row: SendRow): Promise<SendRow | undefined> {
      if (!row.outcome) return row;
      const told = { ...row, outcome: { ...row.outcome, isTold: true }, revision: row.revision + 1 };
      return (await put(told, row.revision)) ? told : undefined;
    },

    /**
     * Takes what a message said out of the row of the send that made it: it was unsent. All else stays, so that the
     * same key is still answered the same. Nothing is done when the row does not know the message yet.
     */
    async eraseContent(sendId: SendId, mid: MessageId): Promise<void> {
      for (let row = await find(sendId); row; row = await find(sendId)) {
        const place = row.sentParts.findIndex(({ messageId }) => messageId === mid);
        const part = row.parts[place];
        if (!part || Object.keys(part.message).length === 0) return;
        if (await this.change(row, { parts: row.parts.with(place, { ...part, message: {} }) })) return;
      }
    },

    /** Takes a message for a send, once. @returns whose it is. */
    async claim(account: AccountId, mid: MessageId, sendId: SendId): Promise<SendId> {
      const isNew = await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: claimItem(account, mid, sendId),
            ConditionExpression: 'attribute_not_exists(pk) OR send_id = :send',
            ExpressionAttributeValues: { ':send': sendId },
          }),
        ),
      );
      return isNew ? sendId : ((await this.claimant(account, mid)) ?? sendId);
    },

    /** Gives a message to the send that Meta named it to, whoever had taken it. */
    async reclaim(account: AccountId, mid: MessageId, sendId: SendId): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: claimItem(account, mid, sendId) }));
    },

    /** Whose message it is, if a send of ours made it. */
    async claimant(account: AccountId, mid: MessageId): Promise<SendId | undefined> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: claimKey(account, mid), ConsistentRead: true }),
      );
      return Item?.send_id as SendId | undefined;
    },

    /** Sends to which something may still happen, oldest first. May lag by moments: the index is not consistent. */
    async unsettled(account: AccountId, limit: number, after?: string): Promise<readonly SendRow[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: inboxIndex,
          KeyConditionExpression: after ? 'inbox_key = :key AND activity_key > :after' : 'inbox_key = :key',
          ExpressionAttributeValues: { ':key': unsettledKey(account), ...(after && { ':after': after }) },
          Limit: limit,
        }),
      );
      return Items.map(fromItem);
    },
  };
}

export type SendLedger = ReturnType<typeof sendLedger>;

function outcomeOf({ name }: SendState): SendRow['outcome'] {
  if (name === 'accepted' || name === 'sending') return undefined;
  return { atMs: Date.now(), isTold: name === 'sent' };
}

/** The place of a row among the unsettled ones. */
export const unsettledPlace = ({ acceptedAtMs, sendId }: SendRow) => timelineKey(acceptedAtMs, sendId);

function toItem(row: SendRow): Record<string, unknown> {
  const { sendId, revision, ...rest } = row;
  return {
    ...rowKey(sendId),
    v: 1,
    type: 'send',
    send_id: sendId,
    revision,
    state: row.state.name,
    // As JSON: a template may be nested deeper than the 32 levels that an item allows.
    row: JSON.stringify(rest),
    expires_at: expiryAfter(row.acceptedAtMs),
    ...(!isSettled(row) && {
      inbox_key: unsettledKey(row.accountId),
      activity_key: unsettledPlace(row),
    }),
  };
}

function fromItem(item: Record<string, unknown>): SendRow {
  const rest = JSON.parse(item.row as string) as Omit<SendRow, 'sendId' | 'revision'>;
  return { ...rest, sendId: item.send_id as SendId, revision: item.revision as number };
}
