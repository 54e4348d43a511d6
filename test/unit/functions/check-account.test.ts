import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckInput, CheckResult } from '../../../shared/account/check-account.ts';
import { type CheckReport, finding } from '../../../shared/account/findings.ts';
import { lambdaContext } from '../../builders/http-event.ts';

const secretsManager = mockClient(SecretsManagerClient);
const sqs = mockClient(SQSClient);
const table = mockClient(DynamoDBDocumentClient);
const checkAccount = vi.hoisted(() => vi.fn<(input: CheckInput) => Promise<CheckResult>>());
vi.mock('../../../shared/account/check-account.ts', () => ({ checkAccount }));

const queueUrl = 'http://127.0.0.1:1/000000000000/events';
const deadLetterQueueUrl = 'http://127.0.0.1:1/000000000000/dead-letters';
const webhook = { apps: [{ app_id: '1', app_secret: 'secret' }], verify_token: 'verify-me' };
const graph = { access_token: 'token', ig_user_id: '17841400000000001', login: 'facebook' };
const report: CheckReport = {
  checked_at: '2026-01-02T03:04:05.000Z',
  account: {},
  findings: [
    finding('dead_letters_waiting', 'found-canary'),
    finding('app_secret_wrong', 'found-canary'),
    finding('no_conversations', 'found-canary'),
  ],
  unchecked: [{ check: 'x', why: 'y' }],
};

let handler: typeof import('../../../functions/check-account/handler.ts').handler;
let logged: () => unknown[][];
let emitted: () => unknown[][];

beforeEach(async () => {
  vi.stubEnv('TABLE_NAME', 'gateway');
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  vi.stubEnv('EVENTS_QUEUE_URL', queueUrl);
  vi.stubEnv('DEAD_LETTER_QUEUE_URL', deadLetterQueueUrl);
  vi.stubEnv('WEBHOOK_SECRET_ARN', 'webhook');
  vi.stubEnv('GRAPH_SECRET_ARN', 'graph');
  for (const client of [secretsManager, sqs, table]) client.reset();
  secret('webhook', webhook);
  secret('graph', graph);
  waiting(queueUrl, 3, 2);
  waiting(deadLetterQueueUrl, 4, 1);
  table.onAnyCommand().rejects(new Error('not set up'));
  table.on(GetCommand, { Key: { pk: 'health', sk: 'observations' } }).resolves({ Item: { delivery_at: 7 } });
  table.on(PutCommand).resolves({});
  table.on(UpdateCommand).resolves({});
  checkAccount.mockReset();
  checkAccount.mockResolvedValue({ report, observe: { queueWaitingSinceMs: 9 } });
  vi.resetModules();
  const { clearCaches } = await import('@aws-lambda-powertools/parameters');
  clearCaches();
  const { log } = await import('../../../shared/runtime/log.ts');
  const [info, warn] = [vi.spyOn(log, 'info'), vi.spyOn(log, 'warn')];
  logged = () => [...info.mock.calls, ...warn.mock.calls];
  const measured = vi.spyOn(await import('../../../shared/runtime/metrics.ts'), 'measured');
  emitted = () => measured.mock.calls;
  ({ handler } = await import('../../../functions/check-account/handler.ts'));
});
afterEach(() => vi.unstubAllEnvs());

function secret(SecretId: string, value: unknown): void {
  secretsManager.on(GetSecretValueCommand, { SecretId }).resolves({ SecretString: JSON.stringify(value) });
}

function waiting(QueueUrl: string, visible: number, inFlight: number): void {
  sqs.on(GetQueueAttributesCommand, { QueueUrl }).resolves({
    Attributes: {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
    },
  });
}

const input = () => checkAccount.mock.calls[0]?.[0];

describe('the check', () => {
  test('is told what is configured, observed and waiting', async () => {
    await handler({}, lambdaContext);
    expect(input()).toEqual({
      connection: { webhook, graph },
      observed: { deliveryAtMs: 7 },
      queues: { waiting: 3, inFlight: 2, deadLetters: 5 },
      graphVersion: 'v25.0',
      nowMs: expect.any(Number),
    });
  });

  test.each([
    ['no secret has a value', ['webhook', 'graph'], {}],
    ['the webhook secret has none', ['webhook'], { graph }],
    ['the Graph secret has none', ['graph'], { webhook }],
  ])('runs while %s', async (_what, absent, connection) => {
    for (const SecretId of absent) {
      secretsManager
        .on(GetSecretValueCommand, { SecretId })
        .rejects(new ResourceNotFoundException({ message: 'no value', $metadata: {} }));
    }
    await handler({}, lambdaContext);
    expect(input()?.connection).toEqual(connection);
  });

  test('runs while a secret is half written, and says which member is at fault', async () => {
    secret('graph', { ...graph, login: 'login-canary' });
    await handler({}, lambdaContext);
    expect(input()?.connection).toEqual({ webhook });
    expect(JSON.stringify(logged())).toContain('login: ');
    expect(JSON.stringify(logged())).not.toContain('login-canary');
  });

  test('does not run while the secrets cannot be read: that they are not set would be wrong', async () => {
    secretsManager.on(GetSecretValueCommand).rejects(new Error('down'));
    await expect(handler({}, lambdaContext)).rejects.toThrow('down');
    expect(checkAccount).not.toHaveBeenCalled();
    expect(table.commandCalls(PutCommand)).toEqual([]);
  });

  test.each([
    ['fail', () => sqs.on(GetQueueAttributesCommand).rejects(new Error('down'))],
    ['tell no number', () => sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} })],
  ])('is told nothing of queues that %s', async (_what, given: () => unknown) => {
    given();
    await handler({}, lambdaContext);
    expect(input()).not.toHaveProperty('queues');
  });
});

describe('what it found', () => {
  test('is kept, and what it wants remembered too', async () => {
    await handler({}, lambdaContext);
    expect(table.commandCalls(PutCommand).map((call) => call.args[0].input.Item)).toEqual([
      { pk: 'health', sk: 'report', v: 1, type: 'report', checked_at: report.checked_at, report },
    ]);
    expect(table.commandCalls(UpdateCommand).map((call) => call.args[0].input)).toMatchObject([
      {
        Key: { pk: 'health', sk: 'observations' },
        ExpressionAttributeNames: { '#0': 'queue_waiting_since' },
        ExpressionAttributeValues: { ':0': 9 },
      },
    ]);
  });

  test('is one log line, of codes alone', async () => {
    await handler({}, lambdaContext);
    const findings = ['dead_letters_waiting', 'app_secret_wrong', 'no_conversations'];
    expect(logged()).toEqual([['account checked', expect.objectContaining({ findings, unchecked: 1 })]]);
  });

  test('is counted by severity, zeros too', async () => {
    await handler({}, lambdaContext);
    const account = { token_expires_at: '2026-01-05T03:04:05.000Z' };
    checkAccount.mockResolvedValue({ report: { ...report, account, findings: [] }, observe: {} });
    await handler({}, lambdaContext);
    expect(emitted()).toEqual([
      [{ AccountErrors: 2, AccountWarnings: 1, SubscriptionsRenewed: 0 }],
      [{ AccountErrors: 0, AccountWarnings: 0, SubscriptionsRenewed: 0, TokenDaysLeft: 3 }],
    ]);
  });
});
