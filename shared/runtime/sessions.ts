import { createHash, randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** A person's stay in the inbox: what a browser's cookie stands for in place of an API key. */
export interface Session {
  /** SHA-256 of the cookie's token, in hex. */
  readonly id: string;
  /** The API key that it was opened with; it ends with that. */
  readonly keyId: string;
  readonly expiresAtMs: number;
}

export const sessionMs = 12 * 60 * 60 * 1000;

export function sessionId(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The sessions of a gateway. Only the hash of a token is stored. The table drops an item some time after its end. */
export function sessionStore(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (id: string) => ({ pk: `session#${id}`, sk: 'session' });
  return {
    async open(keyId: string, nowMs: number): Promise<{ readonly token: string; readonly session: Session }> {
      const token = randomBytes(32).toString('base64url');
      const session = { id: sessionId(token), keyId, expiresAtMs: nowMs + sessionMs };
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...keyOf(session.id),
            v: 1,
            type: 'session',
            key_id: keyId,
            // In seconds: the table's time to live.
            expires_at: Math.floor(session.expiresAtMs / 1000),
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return { token, session };
    },

    /** `undefined` when there is none, or when it ended. */
    async find(id: string, nowMs: number): Promise<Session | undefined> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: keyOf(id) }));
      if (!Item || Item.ended_at !== undefined) return undefined;
      const session = {
        id,
        keyId: Item.key_id as string,
        expiresAtMs: (Item.expires_at as number) * 1000,
      };
      return session.expiresAtMs > nowMs ? session : undefined;
    },

    /** Signing out twice is no error. */
    async end(id: string, nowMs: number): Promise<void> {
      await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(id),
          UpdateExpression: 'SET ended_at = if_not_exists(ended_at, :now)',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':now': nowMs },
        }),
      );
    },
  };
}
