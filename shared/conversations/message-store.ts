import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageId } from '../instagram/ids.ts';
import { boundedRaw, type MessageContent } from '../instagram/message-content.ts';
import type { OtherEvent, TimeRank } from '../instagram/webhook-events.ts';
import { conditionHeld, pauseAfterConflict } from '../runtime/conditional-write.ts';
import { canonicalJson } from '../runtime/json.ts';
import { merge } from './merge.ts';
import { type ContentRegister, type MessageState, stateHash, type Via } from './message-state.ts';
import { timelineKey } from './summary.ts';
import { type ConversationKey, eventKey, messageKey } from './table-keys.ts';

/** What a write found: `unchanged` means that the store knew all of it already. */
export type WriteResult = 'created' | 'merged' | 'unchanged';

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
    async save(conversation: ConversationKey, mid: MessageId, state: MessageState): Promise<WriteResult> {
      let stored: Record<string, unknown> | undefined;
      for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
        const merged = stored ? merge(readMessageState(stored), state) : state;
        if (stored && stored.hash === stateHash(merged)) return 'unchanged';
        if (await put(messageItem(conversation, mid, merged), stored?.hash as string | undefined)) {
          return stored ? 'merged' : 'created';
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

    /** Keeps an event that has no message of its own. The same event twice is one item. */
    async keep(event: OtherEvent): Promise<WriteResult> {
      const atMs = event.time?.atMs ?? 0;
      const isNew = await put(
        {
          ...eventKey(event, { atMs, field: event.field, hash: event.hash }),
          v: 1,
          type: 'event',
          field: event.field.slice(0, 64),
          ...(event.accountId && { account_id: event.accountId }),
          ...(event.customerId && { customer_id: event.customerId }),
          at: atMs,
          raw: canonicalJson(boundedRaw(event.raw)),
        },
        undefined,
      );
      return isNew ? 'created' : 'unchanged';
    },
  };
}

export type MessageStore = ReturnType<typeof messageStore>;

function messageItem(conversation: ConversationKey, mid: MessageId, state: MessageState) {
  const { sentAt, text, content } = state;
  return {
    ...messageKey(conversation, mid),
    v: 1,
    type: 'message',
    direction: state.direction,
    via: state.via,
    ...(sentAt && {
      sent_at: sentAt.atMs,
      sent_at_rank: sentAt.rank,
      timeline_key: timelineKey(sentAt.atMs, mid),
    }),
    ...(state.deletedAtMs !== undefined && { deleted_at: state.deletedAtMs }),
    ...(text && { text: text.value, text_version: text.version }),
    // As JSON: a delivered value may be nested deeper than the 32 levels that an item allows.
    ...(content && { content: canonicalJson(content.value), content_rank: content.rank }),
    hash: stateHash(state),
  };
}

export function readMessageState(item: Record<string, unknown>): MessageState {
  return {
    direction: item.direction as MessageState['direction'],
    via: item.via as Via[],
    ...(item.sent_at !== undefined && {
      sentAt: { atMs: item.sent_at as number, rank: item.sent_at_rank as TimeRank },
    }),
    ...(item.deleted_at !== undefined && { deletedAtMs: item.deleted_at as number }),
    ...(item.text !== undefined && {
      text: { value: item.text as string, version: item.text_version as [number, number] },
    }),
    ...(item.content !== undefined && {
      content: {
        value: JSON.parse(item.content as string) as MessageContent,
        rank: item.content_rank as ContentRegister['rank'],
      },
    }),
  };
}
