import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import * as z from 'zod';
import { localClient } from './local-client.ts';
import { close, listen } from './servers.ts';

/** The table on disk has other keys or indexes than the template; DynamoDB cannot change them either. */
export class TableChangedError extends Error {
  override readonly name = 'TableChangedError';
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const index = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

/**
 * What the embedded engine takes of a table. It leaves out time to live, recovery, protection and encryption:
 * readers filter expired items anyway, since AWS deletes them late.
 */
const tableProperties = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  LocalSecondaryIndexes: z.array(index).optional(),
  GlobalSecondaryIndexes: z.array(index).optional(),
});

export interface Tables {
  readonly url: string;
  /** Makes the table of these CloudFormation properties unless it exists. Throws TableChangedError. */
  ensure(name: string, properties: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** A page of a query takes less. */
const begunMs = 150;

/** DynamoDB, kept in `folder`. */
export async function startTables(folder: string): Promise<Tables> {
  const server = dynalite({ path: folder, createTableMs: 0 });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const client = new DynamoDBClient(localClient(url));
  return {
    url,
    ensure: (name, properties) => ensure(client, name, properties, folder),
    stop: async () => {
      client.destroy();
      // What a function asked for that has ended since is still being read: the engine fails when it is closed then.
      await delay(begunMs);
      await close(server);
    },
  };
}

async function ensure(
  client: DynamoDBClient,
  name: string,
  properties: unknown,
  folder: string,
): Promise<void> {
  const table = {
    ...tableProperties.parse(properties),
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
  } satisfies CreateTableCommandInput;
  const existing = await describe(client, name);
  if (!existing) {
    await client.send(new CreateTableCommand(table));
    await untilActive(client, name);
    return;
  }
  if (shapeOf(existing) === shapeOf(table)) return untilActive(client, name);
  throw new TableChangedError(
    `The table ${name} in ${folder} has other keys or indexes than the template. DynamoDB cannot change them: move the data folder away (its data stays readable there), or choose another one with DATA_DIR=… npm run dev`,
  );
}

/** The engine makes a table usable a moment after it has answered. */
async function untilActive(client: DynamoDBClient, name: string): Promise<void> {
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 }, { TableName: name });
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

type Shape = Pick<
  TableDescription,
  'AttributeDefinitions' | 'KeySchema' | 'LocalSecondaryIndexes' | 'GlobalSecondaryIndexes'
>;

/** Keys and indexes, written so that equal ones are equal strings whatever order they came in. */
function shapeOf(table: Shape): string {
  const indexes = (all: Shape['LocalSecondaryIndexes'] = []) =>
    all
      .map(({ IndexName, KeySchema, Projection }) =>
        [
          IndexName,
          keys(KeySchema),
          Projection?.ProjectionType,
          Projection?.NonKeyAttributes?.toSorted().join(),
        ].join(' '),
      )
      .toSorted();
  const keys = (schema: Shape['KeySchema'] = []) =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName}:${KeyType}`).join();
  return JSON.stringify([
    keys(table.KeySchema),
    (table.AttributeDefinitions ?? [])
      .map(({ AttributeName, AttributeType }) => `${AttributeName}:${AttributeType}`)
      .toSorted(),
    indexes(table.LocalSecondaryIndexes),
    indexes(table.GlobalSecondaryIndexes),
  ]);
}
