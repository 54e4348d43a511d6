import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { ContendedItemError } from '../../shared/conversations/message-store.ts';
import { autoReplyKey, type ConversationKey } from '../../shared/conversations/table-keys.ts';
import { conditionHeld, pauseAfterConflict } from '../../shared/runtime/conditional-write.ts';
import { contentHash } from '../../shared/runtime/json.ts';

const item = z.object({
  replies: z.array(z.object({ send_id: z.string(), rule: z.string(), at: z.number() })),
  revision: z.int(),
});

export type Turn = 'taken' | 'over_the_limit' | 'said_already';

const hourMs = 60 * 60_000;
const maxAttempts = 8;

/** Counts the replies of the last hour in each conversation, an item each, changed only by who saw what it is now. */
export function replyLimit(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /**
     * Takes a turn for a reply: within the limit of an hour, and none that says the same again. A reply that has its
     * turn already keeps it.
     * @throws ContendedItemError when others kept changing it.
     */
    async take(
      conversation: ConversationKey,
      reply: { readonly sendId: string; readonly rule: string },
      { perHour, nowMs }: { readonly perHour: number; readonly nowMs: number },
    ): Promise<Turn> {
      const key = autoReplyKey(conversation);
      // Not the text: it would stay when the owner has changed it.
      const rule = contentHash(reply.rule);
      for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
        );
        const stored = Item ? item.parse(Item) : { replies: [], revision: 0 };
        const lately = stored.replies.filter(({ at }) => at > nowMs - hourMs);
        if (lately.some(({ send_id }) => send_id === reply.sendId)) return 'taken';
        if (lately.some((each) => each.rule === rule)) return 'said_already';
        if (lately.length >= perHour) return 'over_the_limit';
        const isTaken = await conditionHeld(
          client.send(
            new PutCommand({
              TableName: tableName,
              Item: {
                ...key,
                v: 1,
                type: 'auto_reply',
                replies: [...lately, { send_id: reply.sendId, rule, at: nowMs }],
                revision: stored.revision + 1,
                expires_at: Math.floor((nowMs + hourMs) / 1000),
              },
              ConditionExpression: 'attribute_not_exists(pk) OR revision = :revision',
              ExpressionAttributeValues: { ':revision': stored.revision },
            }),
          ),
        );
        if (isTaken) return 'taken';
        await pauseAfterConflict(attempt);
      }
      throw new ContendedItemError(
        `The replies of a conversation were changed by others ${maxAttempts} times`,
      );
    },
  };
}
