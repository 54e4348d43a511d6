import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type LocalSecondaryIndexDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import {
  type ApiBody,
  credentials,
  jsonBody,
  newDataFolder,
  startTestGateway,
  type TestGateway,
} from '../../builders/gateway.ts';
import { templateWith } from '../../builders/template-with.ts';
import { accountId, customerId, delivery, messageItem } from '../../builders/webhook.ts';
import { newFolder } from './fixture.ts';

const root = resolve(import.meta.dirname, '../../..');
const restored = 'Gateway-restored';
const customer = '123456789';
const timeout = 30_000;

test('a gateway goes on with a table that was restored, and nobody gets an answer twice', async () => {
  const dataDir = newDataFolder();
  onTestFinished(() => dataDir.remove());
  const first = await startTestGateway({ dataDir: dataDir.path, schedulePeriodMs: 1000 });
  onTestFinished(() => first.stop());
  for (const [mid, says] of Object.entries({ m1: 'one', m2: 'two' })) {
    await first.deliver(delivery(messageItem({ mid, text: says })));
  }
  await expect.poll(() => textsOf(first), { timeout }).toEqual(['two', 'one']);

  await command(first, 'sends.ts', '--pause');
  const waiting = await send(first, 'sent once', 'waits-at-the-backup');
  expect(waiting.status).toBe(202);
  await copyTable(first);
  await command(first, 'sends.ts', '--resume');
  await expect.poll(() => sentTo(first), { timeout }).toEqual(['sent once']);

  expect(await command(first, 'restored.ts', '--table', 'No-such-table')).toMatchObject({ code: 1 });
  expect(await command(first, 'restored.ts', '--table', first.tableName)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is the table in use'),
  });
  expect(await command(first, 'restored.ts', '--table', restored)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('sends given up: 1.'),
  });
  await first.stop();

  const template = await templateWith(newFolder(), { context: { tableName: restored } });
  const second = await startTestGateway({ dataDir: dataDir.path, schedulePeriodMs: 1000, template });
  onTestFinished(() => second.stop());
  expect(second.tableName).toBe(restored);
  expect(await textsOf(second)).toEqual(['two', 'one']);

  // Paused, as it was left; what waited at the backup stays unsent when it goes on.
  const paused = await send(second, 'too early', 'paused');
  expect(paused).toMatchObject({ status: 202 });
  expect(sentTo(second)).toEqual([]);
  expect(await command(second, 'sends.ts', '--resume')).toMatchObject({ code: 0 });
  await expect.poll(() => sentTo(second), { timeout }).toEqual(['too early']);
  await sweeps(second, 2);
  expect(sentTo(second)).toEqual(['too early']);
  expect(await send(second, 'sent once', 'waits-at-the-backup')).toMatchObject({
    status: 504,
    body: { code: 'outcome_unknown' },
  });
});

/** The texts of the customer who wrote, newest first; other conversations are found at the stand-in for Meta. */
async function textsOf(gateway: TestGateway): Promise<readonly unknown[]> {
  const { body } = await gateway.api(`/api/conversations/${accountId}.${customerId}/messages`);
  return ((body as { data?: readonly { text?: string }[] }).data ?? []).map((message) => message.text);
}

const sentTo = (gateway: TestGateway) =>
  (gateway.meta.world.conversations.withCustomer(customer)?.messages ?? [])
    .filter(({ fromBusiness }) => fromBusiness)
    .map(({ text: each }) => each);

function send(
  gateway: TestGateway,
  message: string,
  key: string,
): Promise<{ status: number; body: ApiBody }> {
  const request = jsonBody({ recipient_id: customer, message });
  return gateway.api('/api/send-message', {
    ...request,
    headers: {
      ...(request.headers as Record<string, string>),
      'idempotency-key': key,
      prefer: 'respond-async',
    },
  });
}

/** The schedule has looked after the sends so many times since. */
async function sweeps(gateway: TestGateway, times: number): Promise<void> {
  const count = () => gateway.lines.filter((line) => line.includes('sends looked after')).length;
  const before = count();
  await expect.poll(count, { timeout }).toBeGreaterThanOrEqual(before + times);
}

/** Keys, indexes and items, as DynamoDB restores a backup: to a new table. */
async function copyTable(gateway: TestGateway): Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: gateway.tableName }));
  const indexes = (all: readonly (LocalSecondaryIndexDescription | GlobalSecondaryIndexDescription)[] = []) =>
    all.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  await client.send(
    new CreateTableCommand({
      TableName: restored,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      LocalSecondaryIndexes: indexes(Table?.LocalSecondaryIndexes),
      GlobalSecondaryIndexes: indexes(Table?.GlobalSecondaryIndexes),
    } as CreateTableCommandInput),
  );
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 },
    { TableName: restored },
  );
  for await (const { Items = [] } of paginateScan({ client }, { TableName: gateway.tableName })) {
    for (let start = 0; start < Items.length; start += 25) {
      const puts = Items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [restored]: puts } }));
    }
  }
  client.destroy();
}

/** One of the owner's commands, against the gateway on this machine. */
async function command({ dataDir }: TestGateway, script: string, ...args: string[]) {
  const child = spawn(process.execPath, [`infra/operate/${script}`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...credentials, DATA_DIR: dataDir },
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { stdout, stderr, code };
}
