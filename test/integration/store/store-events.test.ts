import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PublishedEvent } from '../../../shared/conversations/published-event.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord, queueRecord } from '../../builders/queue-record.ts';
import { propertyRuns, startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId, echoItem, messageItem } from '../../builders/webhook.ts';

const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
let table: TestTable;
let handle: (records: readonly SQSRecord[]) => Promise<SQSBatchResponse>;

beforeEach(async () => {
  table = await startTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  sns.reset();
  sqs.reset();
  sns.on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
  vi.resetModules();
  const { handler } = await import('../../../functions/store-events/handler.ts');
  handle = (records) => handler({ Records: [...records] }, lambdaContext);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await table.stop();
});

const conversation = `conversation#${accountId}#${customerId}`;

const published = (): PublishedEvent[] =>
  sns
    .commandCalls(PublishBatchCommand)
    .flatMap((call) => call.args[0].input.PublishBatchRequestEntries ?? [])
    .map((entry) => JSON.parse(entry.Message ?? '') as PublishedEvent);

const delays = () =>
  sqs
    .commandCalls(ChangeMessageVisibilityBatchCommand)
    .flatMap((call) => call.args[0].input.Entries ?? [])
    .map((entry) => entry.VisibilityTimeout);

describe('a message', () => {
  test('is stored with its conversation', async () => {
    const record = eventRecord(messageItem({ mid: 'm1', text: 'ä 😀 </script>' }));
    expect(await handle([record])).toEqual({ batchItemFailures: [] });
    expect(await table.items()).toEqual([
      { pk: 'accounts', sk: accountId, v: 1 },
      {
        pk: conversation,
        sk: 'message#m1',
        v: 1,
        type: 'message',
        direction: 'in',
        via: ['messaging'],
        sent_at: 1760000000123,
        sent_at_rank: 'webhook_ms',
        timeline_key: '1760000000123#m1',
        text: 'ä 😀 </script>',
        text_version: [1760000000123, 0],
        content: '{"kind":"text"}',
        content_rank: 'messaging',
        hash: expect.any(String),
      },
      {
        pk: conversation,
        sk: 'summary',
        v: 1,
        type: 'summary',
        account_id: accountId,
        customer_id: customerId,
        inbox_key: accountId,
        activity_key: '1760000000123#m1',
        last_in_at: 1760000000123,
      },
    ]);
  });

  test('delivered twice changes nothing and is announced under the same id', async () => {
    const record = eventRecord(messageItem({ mid: 'm1', text: 'once' }));
    await handle([record]);
    const before = await table.items();
    await handle([record]);
    await handle([record, record]);
    expect(await table.items()).toEqual(before);
    expect(new Set(published().map(({ id }) => id)).size).toBe(1);
  });

  test('is announced with ids, times and sizes, never with its text', async () => {
    await handle([
      eventRecord(
        messageItem({
          mid: 'm1',
          text: 'Zürich',
          attachments: [{ type: 'image', payload: { url: 'https://cdn.example/1' } }],
        }),
      ),
    ]);
    expect(published()).toEqual([
      {
        v: 1,
        id: expect.any(String),
        type: 'message.received',
        account_id: accountId,
        customer_id: customerId,
        conversation_id: `${accountId}.${customerId}`,
        message_id: 'm1',
        at: 1760000000123,
        kind: 'attachment',
        text_bytes: 7,
        attachments: 1,
      },
    ]);
  });

  test('that was unsent leaves a tombstone which no late copy fills', async () => {
    const copy = eventRecord(messageItem({ mid: 'm1', text: 'regretted' }));
    await handle([copy]);
    await handle([eventRecord(messageItem({ mid: 'm1', is_deleted: true }))]);
    await handle([copy]);
    expect(JSON.stringify(await table.items())).not.toContain('regretted');
    expect(published().map(({ type }) => type)).toEqual([
      'message.received',
      'message.unsent',
      'message.received',
    ]);
  });

  test('nested deeper than an item may be is stored all the same', async () => {
    const nested = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`) as unknown;
    const record = eventRecord(messageItem({ mid: 'm1', text: 'x', hologram: nested }));
    expect(await handle([record])).toEqual({ batchItemFailures: [] });
    expect(await table.items()).toHaveLength(3);
  });
});

test('an echo counts as ours', async () => {
  await handle([eventRecord(echoItem({ mid: 'm2', text: 'On its way' }))]);
  const items = await table.items();
  expect(items.find(({ sk }) => sk === 'message#m2')).toMatchObject({ direction: 'out' });
  expect(items.find(({ sk }) => sk === 'summary')).toMatchObject({ last_out_at: 1760000000123 });
  expect(items.find(({ sk }) => sk === 'summary')).not.toHaveProperty('last_in_at');
});

test('what names no conversation is kept raw, once', async () => {
  const unaddressed = { 'policy-enforcement': { action: 'block' } };
  const records = [
    eventRecord(unaddressed, { field: 'messaging_policy_enforcement', id: 'b' }),
    eventRecord(undefined, { field: 'unknown', id: 'c' }),
  ];
  expect(await handle(records)).toEqual({ batchItemFailures: [] });
  const before = await table.items();
  await handle(records);
  expect(await table.items()).toEqual(before);
  expect(before.map(({ pk, sk, raw }) => [pk, String(sk).split('#').slice(0, 2).join('#'), raw])).toEqual([
    [`unaddressed#${accountId}`, 'event#messaging_policy_enforcement', JSON.stringify(unaddressed)],
    [`unaddressed#${accountId}`, 'event#unknown', 'null'],
  ]);
});

describe('failures', () => {
  test('an unreadable event fails alone, is tried again soon, and its batch mates are stored', async () => {
    const answer = await handle([
      eventRecord(messageItem({ mid: 'm1', text: 'x' }), { id: 'good' }),
      queueRecord('{"v":1', 'broken'),
      queueRecord('{"v":99,"source":"webhook"}', 'future'),
    ]);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'broken',
      'future',
    ]);
    expect(delays()).toEqual([1, 1]);
    expect((await table.items()).filter(({ type }) => type === 'message')).toHaveLength(1);
  });

  test('a crash after the message and before the summary is made good by the retry', async () => {
    const record = eventRecord(messageItem({ mid: 'm1', text: 'x' }));
    await handle([record]);
    const whole = await table.items();
    const { DeleteCommand } = await import('@aws-sdk/lib-dynamodb');
    await table.client.send(
      new DeleteCommand({ TableName: table.name, Key: { pk: conversation, sk: 'summary' } }),
    );
    await handle([record]);
    expect(await table.items()).toEqual(whole);
  });

  test('an event that could not be published comes again, later', async () => {
    sns
      .on(PublishBatchCommand)
      .resolves({ Successful: [], Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] });
    const answer = await handle([
      eventRecord(messageItem({ mid: 'm1', text: 'x' }), { id: 'first' }),
      eventRecord(messageItem({ mid: 'm2', text: 'y' }), { id: 'second' }),
    ]);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'second' }]);
    expect(delays()).toEqual([5]);
  });

  test('without the table every record comes again and none is published', async () => {
    vi.stubEnv('TABLE_NAME', 'absent');
    vi.resetModules();
    const { handler } = await import('../../../functions/store-events/handler.ts');
    const records = [
      eventRecord(messageItem({ mid: 'm1', text: 'x' })),
      eventRecord({ read: {} }, { id: 'sqs-2' }),
    ];
    const answer = await handler({ Records: records }, lambdaContext);
    expect(answer.batchItemFailures).toHaveLength(2);
    expect(published()).toEqual([]);
  });
});

describe('order', () => {
  const at = (mid: string, timestamp: number | string, isEcho = false) =>
    (isEcho ? echoItem : messageItem)({ mid, text: `text of ${mid}` }, { timestamp });
  const deliveries: readonly unknown[] = [
    at('m1', 1760000000001),
    at('m1', '1760000000'),
    at('m2', 1760000000002, true),
    at('m3', 1760000000003),
    at('m3', 1760000000003),
    messageItem({ mid: 'm1', is_deleted: true }, { timestamp: 1760000000004 }),
    at('m4', 1760000000002),
  ];

  test('any order and batching ends in the same stored bytes', async () => {
    await handle(deliveries.map((item, n) => eventRecord(item, { id: `sqs-${n}` })));
    const expected = await table.items();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...deliveries, ...deliveries], { minLength: deliveries.length * 2 }),
        fc.integer({ min: 1, max: 6 }),
        async (order, batchSize) => {
          const fresh = await startTable();
          try {
            vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', fresh.endpoint);
            vi.stubEnv('TABLE_NAME', fresh.name);
            vi.resetModules();
            const { handler } = await import('../../../functions/store-events/handler.ts');
            for (let start = 0; start < order.length; start += batchSize) {
              const Records = order
                .slice(start, start + batchSize)
                .map((item, n) => eventRecord(item, { id: `sqs-${start + n}` }));
              expect(await handler({ Records }, lambdaContext)).toEqual({ batchItemFailures: [] });
            }
            expect(await fresh.items()).toEqual(expected);
          } finally {
            await fresh.stop();
          }
        },
      ),
      { numRuns: propertyRuns(15) },
    );
  });

  test('writers at the same time lose nothing', async () => {
    const batches = Array.from({ length: 20 }, (_, n) =>
      handle([
        eventRecord(at('same', 1760000000000 + n), { id: `a-${n}` }),
        eventRecord(at(`own-${n}`, 1760000000000 + n), { id: `b-${n}` }),
      ]),
    );
    for (const answer of await Promise.all(batches)) expect(answer.batchItemFailures).toEqual([]);
    const items = await table.items();
    expect(items.filter(({ type }) => type === 'message')).toHaveLength(21);
    expect(items.find(({ sk }) => sk === 'message#same')).toMatchObject({ sent_at: 1760000000000 });
    expect(items.find(({ sk }) => sk === 'summary')).toMatchObject({ last_in_at: 1760000000019 });
  });
});
