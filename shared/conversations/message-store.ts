import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageId } from '../instagram/ids.ts';
import { boundedRaw } from '../instagram/message-content.ts';
import type { OtherEvent } from '../instagram/webhook-events.ts';
import { conditionHeld, pauseAfterConflict } from '../runtime/conditional-write.ts';
import { canonicalJson } from '../runtime/json.ts';
import { merge } from './merge.ts';
import { messageItem, readMessageState } from './message-item.ts';
import { type MessageState, stateHash } from './message-state.ts';
import { type ConversationKey, messageKey, unaddressedKey } from './table-keys.ts';

/** What a write found: `unchanged` means that the store knew all of it already. */
export type WriteResult = 'created' | 'merged' | 'unchanged';

export interface Saved {
  readonly write: WriteResult;
  /** What is stored now. */
  readonly state: MessageState;
}

/** Others kept writing the same item. Trying again later will do. */
export class ContendedItemError extends Error {
  override readonly name = 'ContendedItemError';
}

const maxAttempts = 8;

/** The messages of the table. Optimistic: first as if the message were new, then by read, merge and compare. */
export function messageStore(client: DynamoDBDocumentClient, tableName: string) {
  async function put(item: Record<string, unknown>, expectedHash: string | undefined): Promise<boolean> {
    return conditionHeld(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: item,
          ...(expectedHash === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#hash = :hash',
                ExpressionAttributeNames: { '#hash': 'hash' },
                ExpressionAttributeValues: { ':hash': expectedHash },
              }),
        }),
      ),
    );
  }

  return {
    async save(conversation: ConversationKey, mid: MessageId, state: MessageState): Promise<Saved> {
      let stored: Record<string, unknown> | undefined;
      for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
        const merged = stored ? merge(readMessageState(stored), state) : state;
        if (stored && stored.hash === stateHash(merged)) return { write: 'unchanged', state: merged };
        // A command of the owner's does not know the lifetime: what is to go still goes.
        const item = {
          ...(stored?.expires_at !== undefined && { expires_at: stored.expires_at }),
          ...messageItem(conversation, mid, merged),
        };
        if (await put(item, stored?.hash as string | undefined)) {
          return { write: stored ? 'merged' : 'created', state: merged };
        }
        if (attempt > 0) await pauseAfterConflict(attempt);
        const { Item } = await client.send(
          new GetCommand({
            TableName: tableName,
            Key: messageKey(conversation, mid),
            ConsistentRead: true,
          }),
        );
        stored = Item;
      }
      throw new ContendedItemError(`A message was changed by others ${maxAttempts} times in a row`);
    },

    async find(conversation: ConversationKey, mid: MessageId): Promise<MessageState | undefined> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: messageKey(conversation, mid), ConsistentRead: true }),
      );
      return Item && readMessageState(Item);
    },

    /** Keeps what names no conversation. The same event twice is one item. */
    async keep(event: OtherEvent): Promise<WriteResult> {
      const isNew = await put(
        {
          ...unaddressedKey(event.accountId, event.field, event.raw),
          v: 1,
          type: 'event',
          field: event.field.slice(0, 64),
          ...(event.accountId && { account_id: event.accountId }),
          raw: canonicalJson(boundedRaw(event.raw)),
        },
        undefined,
      );
      return isNew ? 'created' : 'unchanged';
    },
  };
}

export type MessageStore = ReturnType<typeof messageStore>;
