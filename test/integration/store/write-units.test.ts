import { randomUUID } from 'node:crypto';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type DynamoDbLocal, hasJava, startDynamoDbLocal } from '../../builders/dynamodb-local.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord } from '../../builders/queue-record.ts';
import { createTable, startEmbeddedTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId, messageItem } from '../../builders/webhook.ts';

const sns = mockClient(SNSClient);
let engine: DynamoDbLocal;
let table: TestTable;

/** As long as a real one: it stands in two keys. MP §2.14 */
const longMid = (n: number) => `aWdfZAG1f${String(n).padStart(4, '0')}`.padEnd(164, 'x');
const atMs = 1760000000000;

const text = (n: number) =>
  messageItem({ mid: longMid(n), text: 'Do you ship to Oslo? '.repeat(4) }, { timestamp: atMs + n });

/** The consumer as it runs on AWS, and the units that DynamoDB counts for each batch. */
async function startConsumer() {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  vi.resetModules();
  const { handler } = await import('../../../functions/store-events/handler.ts');
  const { dynamodb } = await import('../../../shared/runtime/clients/dynamodb.ts');
  const units = { read: 0, written: 0 };
  dynamodb().middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        const result = await next(args);
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
        units[/^(Get|BatchGet|Query)/.test(commandName) ? 'read' : 'written'] +=
          ConsumedCapacity?.CapacityUnits ?? 0;
        return result;
      },
    { step: 'initialize', name: 'units' },
  );
  return async (Records: SQSRecord[]): Promise<{ read: number; written: number }> => {
    Object.assign(units, { read: 0, written: 0 });
    expect(await handler({ Records }, lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(units.written + units.read).toBeGreaterThan(0);
    return { ...units };
  };
}

describe.runIf(hasJava)("write units on AWS's own engine", () => {
  beforeAll(async () => {
    engine = await startDynamoDbLocal();
    sns.on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    vi.unstubAllEnvs();
    await table.stop();
  });

  test('a lone text message under 1 KB takes 5', async () => {
    table = await createTable(engine.endpoint, randomUUID());
    const unitsOf = await startConsumer();
    // The first of an account also lists the account.
    await unitsOf([eventRecord(messageItem({ mid: 'first', text: 'x' }, { timestamp: atMs }))]);
    // That nobody was ever forgotten is known from the first.
    expect(await unitsOf([eventRecord(text(1))])).toEqual({ written: 5, read: 0 });
  });

  test.each([2, 4, 10])('%i messages of one conversation in a batch take 2k + 3', async (k) => {
    table = await createTable(engine.endpoint, randomUUID());
    const unitsOf = await startConsumer();
    await unitsOf([eventRecord(messageItem({ mid: 'first', text: 'x' }, { timestamp: atMs }))]);
    const batch = Array.from({ length: k }, (_, n) => eventRecord(text(n + 1), { id: `sqs-${n}` }));
    expect(await unitsOf(batch)).toEqual({ written: 2 * k + 3, read: 0 });
  });

  test('what is stored is what the embedded engine stores', async () => {
    const records = [text(1), messageItem({ mid: 'm2', is_deleted: true }), reaction, seen].map((item, n) =>
      eventRecord(item, { id: `sqs-${n}` }),
    );
    const stored: unknown[] = [];
    for (const create of [() => createTable(engine.endpoint, randomUUID()), startEmbeddedTable]) {
      table = await create();
      const unitsOf = await startConsumer();
      await unitsOf(records);
      await unitsOf([...records].reverse());
      stored.push(await table.items());
      if (stored.length === 1) await table.stop();
    }
    expect(stored[0]).toEqual(stored[1]);
  });
});

const parties = { sender: { id: customerId }, recipient: { id: accountId }, timestamp: atMs + 9 };
const reaction = { ...parties, reaction: { mid: 'm3', action: 'react', reaction: 'love', emoji: '❤️' } };
const seen = { ...parties, read: { mid: longMid(1) } };
