import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { inject } from 'vitest';

export interface TestTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  readonly endpoint: string;
  /**
   * Every item, sorted by its key: two equal answers mean equal stored bytes. Without the account's health, which
   * alone tells times of our own clock.
   */
  items(): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Of AWS's DynamoDB Local, in the project whose tests run on it. */
const sharedEngine = inject('dynamoDbLocal');

/** An empty table on the engine of the test project: the embedded one, or AWS's DynamoDB Local. */
export function startTable(): Promise<TestTable> {
  return sharedEngine === undefined ? startEmbeddedTable() : createTable(sharedEngine, randomUUID());
}

/** How often a property is tried: AWS's engine is slower, and what it is asked is whether it differs at all. */
export function propertyRuns(runs: number): number {
  return sharedEngine === undefined ? runs : Math.ceil(runs / 10);
}

/** An empty table on the embedded engine. */
export async function startEmbeddedTable(): Promise<TestTable> {
  const server: Server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const table = await createTable(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'gateway');
  return {
    ...table,
    stop: async () => {
      await table.stop();
      await new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    },
  };
}

/** An empty table on the engine at this address, with the keys and indexes that test/infra pins. */
export async function createTable(endpoint: string, name: string): Promise<TestTable> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk', 'timeline_key', 'inbox_key', 'activity_key'].map(
        (AttributeName) => ({ AttributeName, AttributeType: 'S' }),
      ),
      LocalSecondaryIndexes: [
        {
          IndexName: 'timeline',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'timeline_key', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'inbox',
          KeySchema: [
            { AttributeName: 'inbox_key', KeyType: 'HASH' },
            { AttributeName: 'activity_key', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  while ((await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus !== 'ACTIVE');
  return {
    client,
    name,
    endpoint,
    items: async () => {
      const items: Record<string, unknown>[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) items.push(...Items);
      return sortedByKey(items.filter(({ pk }) => pk !== 'health'));
    },
    stop: async () => {
      await client.send(new DeleteTableCommand({ TableName: name }));
      client.destroy();
    },
  };
}

export function sortedByKey(items: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const keyOf = ({ pk, sk }: Record<string, unknown>) => `${String(pk)}\n${String(sk)}`;
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
