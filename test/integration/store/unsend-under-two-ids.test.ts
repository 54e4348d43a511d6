import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import type { QueuedFinding } from '../../../shared/conversations/graph-finding.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord, queueRecord } from '../../builders/queue-record.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { graphNode, twoIds } from '../../builders/two-ids.ts';
import { accountId, messageItem } from '../../builders/webhook.ts';

const atMs = 1760000000000;
const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);

let table: TestTable;
let person: ReturnType<typeof twoIds>;
let handle: (...records: readonly SQSRecord[]) => Promise<SQSBatchResponse>;

beforeEach(async () => {
  table = await startTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  vi.stubEnv('RECONCILE_QUEUE_URL', 'http://127.0.0.1:1/000000000000/reconcile');
  sns.on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  person = twoIds(table);
  vi.resetModules();
  const { handler } = await import('../../../functions/store-events/handler.ts');
  handle = (...records) => handler({ Records: [...records] }, lambdaContext);
  await person.named('webhook', 'ada');
  await person.named('graph', 'ada');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await table.stop();
});

const unsent = (id: string, mid: string) =>
  eventRecord(messageItem({ mid, is_deleted: true }, { sender: { id }, timestamp: atMs + 60_000 }));
const found = (id: string, mid: string) => {
  const body: QueuedFinding = {
    v: 1,
    source: 'graph',
    account_id: accountId,
    customer_id: id,
    read_at: atMs + 60_000,
    finding: 'message',
    node: graphNode(id, mid, atMs),
  };
  return queueRecord(JSON.stringify(body));
};
const isStored = async (text: string) => JSON.stringify(await table.items()).includes(text);
const done = { batchItemFailures: [] };

test.each(['webhook', 'graph'])(
  'an unsend under one id (%s) erases what stands under the other',
  async (id) => {
    await person.wrote('webhook', 'm1', atMs);
    await person.read('graph', 'm1', atMs);
    await person.prove('graph', ['m1']);
    expect(await handle(unsent(id, 'm1'))).toEqual(done);
    expect(await isStored('text of m1')).toBe(false);
  },
);

test.each(['webhook', 'graph'])(
  'so does one from before the ids were known to be one person (%s)',
  async (id) => {
    await person.wrote('webhook', 'm1', atMs);
    await person.wrote('webhook', 'm2', atMs + 1);
    await person.read('graph', 'm1', atMs);
    await person.read('graph', 'm2', atMs + 1);
    await handle(unsent(id, 'm1'));
    expect(await isStored('text of m1')).toBe(true);
    await person.prove('graph', ['m2']);
    expect(await isStored('text of m1')).toBe(false);
    expect(await isStored('text of m2')).toBe(true);
  },
);

test('a copy that a read brings under the other id afterwards is erased too', async () => {
  await person.wrote('webhook', 'm1', atMs);
  await person.wrote('webhook', 'm2', atMs + 1);
  await person.read('graph', 'm2', atMs + 1);
  await person.prove('graph', ['m2']);
  await handle(unsent('webhook', 'm1'));
  expect(await handle(found('graph', 'm1'))).toEqual(done);
  expect(await isStored('text of m1')).toBe(false);
});

test('an unsend whose erasing elsewhere failed comes again, and is done then', async () => {
  await person.wrote('webhook', 'm1', atMs);
  await person.read('graph', 'm1', atMs);
  await person.prove('graph', ['m1']);
  const { dynamodb } = await import('../../../shared/runtime/clients/dynamodb.ts');
  let failures = 1;
  dynamodb().middlewareStack.add(
    (next) => async (args) => {
      const key = JSON.stringify(args.input);
      if (failures > 0 && key.includes('"alias"')) {
        failures -= 1;
        throw new Error('The table cannot be reached');
      }
      return next(args);
    },
    { step: 'initialize', name: 'failing' },
  );
  expect((await handle(unsent('webhook', 'm1'))).batchItemFailures).toHaveLength(1);
  expect(await isStored('text of m1')).toBe(true);
  expect(await handle(unsent('webhook', 'm1'))).toEqual(done);
  expect(await isStored('text of m1')).toBe(false);
});

test('the newest message of the inbox is what both ids tell of it', async () => {
  await person.wrote('webhook', 'm0', atMs - 1);
  await person.wrote('webhook', 'm1', atMs);
  await person.wrote('graph', 'm1', atMs, { reply_to: { mid: 'm0' } });
  await person.read('graph', 'm1', atMs);
  await person.prove('graph', ['m1']);
  const reader = conversationReader(table.client, table.name);
  const [conversation] = (await reader.inbox(1)).items;
  const preview = conversation && (await reader.previews([conversation])).get(conversation);
  expect(preview?.newest?.state.via).toEqual(['graph', 'messaging']);
  const [listed] = conversation ? (await reader.messages(conversation, 1)).items : [];
  expect(preview?.newest?.state).toEqual(listed?.state);
});
