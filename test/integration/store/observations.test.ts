import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HealthStore, healthStore } from '../../../shared/account/health-store.ts';
import { metricNames } from '../../../shared/runtime/metrics.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord, noticeRecord, queueRecord } from '../../builders/queue-record.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { messageItem } from '../../builders/webhook.ts';

const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
const receivedAtMs = 1760000000500;
let table: TestTable;
let health: HealthStore;
let handle: (...records: readonly SQSRecord[]) => Promise<SQSBatchResponse>;
let emitted: () => readonly object[];

beforeEach(async () => {
  table = await startTable();
  health = healthStore(table.client, table.name);
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  sns.reset();
  sqs.reset();
  sns.on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
  vi.resetModules();
  const metrics = vi.spyOn(await import('../../../shared/runtime/metrics.ts'), 'measured');
  emitted = () => metrics.mock.calls.map(([counts]) => counts);
  const { handler } = await import('../../../functions/store-events/handler.ts');
  handle = (...records) => handler({ Records: [...records] }, lambdaContext);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await table.stop();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const message = (mid: string, secretPlace?: number, atMs = receivedAtMs) =>
  eventRecord(messageItem({ mid, text: 'x' }), {
    id: mid,
    receivedAtMs: atMs,
    ...(secretPlace !== undefined && { secretPlace }),
  });

describe('a notice', () => {
  test.each([
    ['signature_failed', {}, { signatureFailureAtMs: 1000 }],
    ['wrong_verify_token', {}, { wrongVerifyTokenAtMs: 1000 }],
    ['handshake_passed', { challenge: '42' }, { handshakeAtMs: 1000, handshakeChallenge: '42' }],
    ['foreign_object', { object: 'page' }, { foreignObjectAtMs: 1000, foreignObject: 'page' }],
  ] as const)('%s is remembered, and nothing else is made of it', async (notice, facts, remembered) => {
    expect(await handle(noticeRecord({ notice, at: 1000, ...facts }))).toEqual({ batchItemFailures: [] });
    expect(await health.observations()).toEqual(remembered);
    expect(await table.items()).toEqual([]);
    expect(sns.calls()).toEqual([]);
    expect(emitted()).toEqual([]);
  });

  test('is remembered beside events, which it changes nothing of', async () => {
    const lag = vi.spyOn(Date, 'now').mockReturnValue(1760000000123 + 7);
    expect(
      await handle(
        noticeRecord({ notice: 'signature_failed', at: 1000 }),
        message('m1', 0),
        noticeRecord({ notice: 'foreign_object', at: 1, object: 'page' }),
      ),
    ).toEqual({ batchItemFailures: [] });
    lag.mockRestore();
    expect(emitted()).toMatchObject([{ [metricNames.eventsStored]: 1, [metricNames.lagMs]: 7 }]);
    expect(sns.commandCalls(PublishBatchCommand)).toHaveLength(1);
    expect(await health.observations()).toMatchObject({
      signatureFailureAtMs: 1000,
      foreignObjectAtMs: 1,
      deliveryAtMs: receivedAtMs,
    });
  });

  test('never replaces a newer one, in whatever order they come', async () => {
    const shake = (at: number, challenge: string) =>
      noticeRecord({ notice: 'handshake_passed', at, challenge });
    await handle(shake(2000, 'second'), shake(1000, 'first'));
    expect(await health.observations()).toEqual({ handshakeAtMs: 2000, handshakeChallenge: 'second' });
    await handle(shake(1500, 'late'));
    expect(await health.observations()).toEqual({ handshakeAtMs: 2000, handshakeChallenge: 'second' });
    await handle(noticeRecord({ notice: 'handshake_passed', at: 3000 }));
    expect(await health.observations()).toEqual({ handshakeAtMs: 3000 });
  });

  test('of a kind or version that is not known fails alone', async () => {
    const unknown = ['{"v":1,"source":"notice","notice":"new","at":1}', '{"v":2,"source":"notice"}'];
    const { batchItemFailures } = await handle(
      noticeRecord({ notice: 'signature_failed', at: 1000 }, 'good'),
      ...unknown.map((body, n) => queueRecord(body, `bad-${n}`)),
    );
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'bad-0' }, { itemIdentifier: 'bad-1' }]);
    expect(await health.observations()).toEqual({ signatureFailureAtMs: 1000 });
  });
});

describe('deliveries', () => {
  test('are remembered by the newest and the secret that proved it', async () => {
    await handle(
      message('m1', 0, receivedAtMs - 5),
      message('m2', 1, receivedAtMs),
      message('m3', 0, receivedAtMs - 9),
    );
    expect(await health.observations()).toEqual({
      deliveryAtMs: receivedAtMs,
      deliverySecretPlace: 1,
      storedAtMs: Date.now(),
    });
  });

  test('whose body tells no secret, as older ones do, are stored and remembered', async () => {
    expect(await handle(message('m1'))).toEqual({ batchItemFailures: [] });
    expect(await health.observations()).toEqual({ deliveryAtMs: receivedAtMs, storedAtMs: Date.now() });
    expect((await table.items()).map(({ sk }) => sk)).toContain('message#m1');
  });

  test('are remembered once a minute, but at once when another secret proves them', async () => {
    await handle(message('m1', 0));
    later(30_000);
    await handle(message('m2', 0, receivedAtMs + 30_000));
    expect(await health.observations()).toMatchObject({ deliveryAtMs: receivedAtMs, deliverySecretPlace: 0 });
    await handle(message('m3', 1, receivedAtMs + 31_000));
    expect(await health.observations()).toMatchObject({
      deliveryAtMs: receivedAtMs + 31_000,
      deliverySecretPlace: 1,
    });
    later(30_000);
    await handle(message('m4', 1, receivedAtMs + 60_000));
    expect(await health.observations()).toEqual({
      deliveryAtMs: receivedAtMs + 60_000,
      deliverySecretPlace: 1,
      storedAtMs: Date.now(),
    });
  });

  test('that cannot be stored are remembered as come, not as stored', async () => {
    sns.on(PublishBatchCommand).rejects(new Error('down'));
    expect((await handle(message('m1', 0))).batchItemFailures).toHaveLength(1);
    expect(await health.observations()).toEqual({ deliveryAtMs: receivedAtMs, deliverySecretPlace: 0 });
    sns.on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
    await handle(message('m1', 0));
    expect(await health.observations()).toMatchObject({ storedAtMs: Date.now() });
  });
});

test('a failure to remember fails no record', async () => {
  let refused = 0;
  vi.spyOn(await import('../../../shared/account/health-store.ts'), 'healthStore').mockReturnValue({
    ...health,
    observe: async () => {
      refused += 1;
      throw new Error('down');
    },
  });
  const answer = await handle(message('m1', 0), noticeRecord({ notice: 'signature_failed', at: 1 }, 'n'));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(refused).toBe(3);
  expect((await table.items()).map(({ sk }) => sk)).toContain('message#m1');
});
