import { clearCaches } from '@aws-lambda-powertools/parameters';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler } from '../../../functions/reconcile/handler.ts';
import type { ChangedOptions, reconcileChanged } from '../../../shared/reconcile/reconcile-changed.ts';
import { type ReconcileRun, ReconcilingElsewhereError } from '../../../shared/reconcile/reconcile-store.ts';
import { accountId } from '../../builders/webhook.ts';

const secretsManager = mockClient(SecretsManagerClient);
const sqs = mockClient(SQSClient);
const table = mockClient(DynamoDBDocumentClient);
const changed = vi.hoisted(() => vi.fn<typeof reconcileChanged>());
const lookUpProfile = vi.hoisted(() => vi.fn<(parts: unknown, customer: string) => Promise<boolean>>());
vi.mock('../../../shared/reconcile/reconcile-changed.ts', () => ({ reconcileChanged: changed }));
vi.mock(import('../../../shared/reconcile/look-up.ts'), async (original) => ({
  ...(await original()),
  lookUpProfile,
}));

const queueUrl = 'http://127.0.0.1:1/000000000000/lookups';
const run: ReconcileRun = {
  reconciled_at: new Date(0).toISOString(),
  threads_listed: 1,
  threads_read: 1,
  messages_found: 0,
  gaps: { unreadable: 0, absent: 0 },
  threads_failed: 0,
  is_complete: true,
};
const result = { run, gaps: [], failed: [], foreign: 0, isOtherAccount: false, oldContacts: [] };
const lastRun = (last: ReconcileRun | undefined) =>
  table.on(GetCommand).resolves(last ? { Item: { run: last } } : {});

beforeEach(() => {
  vi.stubEnv('TABLE_NAME', 'gateway');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  vi.stubEnv('RECONCILE_QUEUE_URL', queueUrl);
  vi.stubEnv('GRAPH_SECRET_ARN', 'graph');
  for (const client of [secretsManager, sqs, table]) client.reset();
  clearCaches();
  const secret = { access_token: 'token', ig_user_id: accountId, login: 'facebook' };
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(secret) });
  table.onAnyCommand().rejects(new Error('not set up'));
  sqs.onAnyCommand().rejects(new Error('not set up'));
  sqs.on(SendMessageBatchCommand).resolves({});
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
  lastRun(run);
  changed.mockReset().mockResolvedValue(result);
  lookUpProfile.mockReset().mockResolvedValue(true);
});
afterEach(() => vi.unstubAllEnvs());

const invoke = (event: object) =>
  handler(
    event as SQSEvent,
    { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 300_000 } as Context,
  );
const onSchedule = () => invoke({ source: 'aws.events' });
const batch = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, n) => ({
    messageId: `message-${n}`,
    receiptHandle: `handle-${n}`,
    attributes: { ApproximateReceiveCount: '2' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});
const enqueued = () =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
    .map(({ MessageBody, DelaySeconds }) => [JSON.parse(MessageBody ?? '') as unknown, DelaySeconds]);
const profile = (customer_id: string) => ({ v: 1, task: 'profile', account_id: accountId, customer_id });
const wake = { v: 1, task: 'changed' };

describe('the schedule', () => {
  test('compares, and asks for nothing more when all is done', async () => {
    await onSchedule();
    expect(changed).toHaveBeenCalledTimes(1);
    expect(changed.mock.calls[0]?.[1]).toEqual<ChangedOptions>({ includesFresh: false });
    expect(enqueued()).toEqual([]);
  });

  test('the first run ever does not wait for webhooks', async () => {
    lastRun(undefined);
    await onSchedule();
    expect(changed.mock.calls[0]?.[1]).toEqual<ChangedOptions>({ includesFresh: true });
  });

  test('goes on at once when time was up, and not where IG_USER_ID is wrong', async () => {
    changed.mockResolvedValue({ ...result, run: { ...run, is_complete: false } });
    await onSchedule();
    expect(enqueued()).toEqual([[wake, 1]]);
    sqs.resetHistory();
    changed.mockResolvedValue({
      ...result,
      run: { ...run, is_complete: false },
      foreign: 3,
      isOtherAccount: true,
    });
    await onSchedule();
    expect(enqueued()).toEqual([]);
  });

  test('has profiles read again that are older than a day', async () => {
    changed.mockResolvedValue({ ...result, oldContacts: ['70', '71'] });
    await onSchedule();
    expect(enqueued()).toEqual([
      [profile('70'), 0],
      [profile('71'), 0],
    ]);
  });

  test.each([
    ['complete', true, 0],
    ['broken off', false, 1],
  ])('right after another run that is %s', async (_, is_complete, calls) => {
    lastRun({ ...run, reconciled_at: new Date().toISOString(), is_complete });
    await onSchedule();
    expect(changed).toHaveBeenCalledTimes(calls);
  });

  test('while another one is at it, nothing fails', async () => {
    changed.mockRejectedValue(new ReconcilingElsewhereError());
    await expect(onSchedule()).resolves.toEqual({ batchItemFailures: [] });
    expect(enqueued()).toEqual([]);
  });

  test('before the gateway is connected nothing fails', async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: '{}' });
    await expect(onSchedule()).resolves.toEqual({ batchItemFailures: [] });
    expect(changed).not.toHaveBeenCalled();
  });

  test("Meta's refusal is the function's failure", async () => {
    changed.mockRejectedValue(new Error('refused'));
    await expect(onSchedule()).rejects.toThrow('refused');
  });
});

describe('the queue', () => {
  test('one lookup that fails comes again, later; the others are done', async () => {
    lookUpProfile.mockImplementation((_, customer) =>
      customer === '71' ? Promise.reject(new Error('refused')) : Promise.resolve(true),
    );
    await expect(invoke(batch(profile('70'), profile('71'), 'no json', wake))).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-2' }],
    });
    expect(lookUpProfile).toHaveBeenCalledTimes(2);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { QueueUrl: queueUrl, ReceiptHandle: 'handle-1', VisibilityTimeout: 60 },
      { QueueUrl: queueUrl, ReceiptHandle: 'handle-2', VisibilityTimeout: 60 },
    ]);
  });
});
