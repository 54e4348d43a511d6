import { createHash, randomBytes } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';

export const roles = ['read', 'send', 'admin'] as const;
export type Role = (typeof roles)[number];

export const keyKinds = ['human', 'bot'] as const;
export type KeyKind = (typeof keyKinds)[number];

/** An API key as it is stored: everything but the key. */
export interface ApiKey {
  /** SHA-256 of the key, in hex: enough for a random key of 256 bits. */
  readonly id: string;
  readonly name: string;
  /** `human` keys belong to a person, who may use Meta's Human Agent tag. */
  readonly kind: KeyKind;
  readonly roles: readonly Role[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

const partition = 'keys';
const minKeyLength = 20;

export function newKey(): string {
  return `igmg_${randomBytes(32).toString('base64url')}`;
}

export function keyId(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Enough of a key's id to tell keys apart, in lists and logs. */
export const keyIdStart = (id: string): string => id.slice(0, 12);

/** The API keys of a gateway. Only their hashes are stored; a lost key is replaced, not read back. */
export function keyStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** Idempotent: the same key again only changes its description. */
    async put(
      key: string,
      description: { name: string; kind: KeyKind; roles: readonly Role[] },
    ): Promise<ApiKey> {
      if (key.length < minKeyLength) throw new RangeError(`A key has at least ${minKeyLength} characters`);
      const stored = { id: keyId(key), ...description, createdAt: new Date().toISOString() };
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            pk: partition,
            sk: stored.id,
            v: 1,
            type: 'key',
            name: stored.name,
            kind: stored.kind,
            roles: [...stored.roles],
            created_at: stored.createdAt,
          },
        }),
      );
      return stored;
    },

    async find(id: string): Promise<ApiKey | undefined> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { pk: partition, sk: id } }),
      );
      return Item && readKey(Item);
    },

    async list(): Promise<ApiKey[]> {
      const keys: ApiKey[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': partition },
            ExclusiveStartKey: from,
          }),
        );
        keys.push(...Items.map(readKey));
        from = LastEvaluatedKey;
      } while (from);
      return keys;
    },

    async revoke(id: string): Promise<void> {
      await client.send(new DeleteCommand({ TableName: tableName, Key: { pk: partition, sk: id } }));
    },
  };
}

export type KeyStore = ReturnType<typeof keyStore>;

function readKey(item: Record<string, unknown>): ApiKey {
  return {
    id: item.sk as string,
    name: item.name as string,
    kind: item.kind as KeyKind,
    roles: item.roles as Role[],
    createdAt: item.created_at as string,
  };
}
