import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld } from '../../shared/runtime/conditional-write.ts';

export interface SavedReply {
  readonly id: string;
  readonly title: string;
  /** `{name}` stands for the customer's name. */
  readonly text: string;
}

/** All of them are one item, which has at most 400 KB. */
export const maxReplies = 200;
export const maxTitleLength = 80;
export const maxTextBytes = 1_000;

export interface SavedReplies {
  /** In the team's order. */
  readonly replies: readonly SavedReply[];
  /** Grows with each change; 0 before the first. */
  readonly version: number;
}

const key = { pk: 'saved_replies', sk: 'saved_replies' };

/** The team's saved replies, changed as a whole: who saves over a change that they have not seen is told. */
export function savedReplyStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    async read(): Promise<SavedReplies> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
      );
      return {
        replies: (Item?.replies as readonly SavedReply[] | undefined) ?? [],
        version: (Item?.version as number | undefined) ?? 0,
      };
    },

    /** @returns the new version; undefined when somebody else changed them since. */
    async replace(replies: readonly SavedReply[], seenVersion: number): Promise<number | undefined> {
      const version = seenVersion + 1;
      const isSaved = await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...key, v: 1, type: 'saved_replies', replies: [...replies], version },
            ConditionExpression: seenVersion === 0 ? 'attribute_not_exists(pk)' : 'version = :seen',
            ...(seenVersion !== 0 && { ExpressionAttributeValues: { ':seen': seenVersion } }),
          }),
        ),
      );
      return isSaved ? version : undefined;
    },
  };
}
