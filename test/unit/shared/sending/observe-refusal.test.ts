import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accountId, customerId } from '../../../builders/webhook.ts';

const secretsManager = mockClient(SecretsManagerClient);
const table = mockClient(DynamoDBDocumentClient);
const hourMs = 3_600_000;

let refusal: { code: number; error_subcode?: number };
/** What a caller is told of the refusal, once it has been looked at. */
let send: () => Promise<{ status: number | undefined; body: { code: string; error: string } }>;

beforeEach(async () => {
  vi.stubEnv('GRAPH_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:graph');
  vi.stubEnv('TABLE_NAME', 'gateway');
  secretsManager.reset();
  secretsManager.on(GetSecretValueCommand).resolves({
    SecretString: JSON.stringify({ access_token: 'token', ig_user_id: accountId, login: 'facebook' }),
  });
  table.reset();
  table.onAnyCommand().rejects(new Error('not set up'));
  table.on(UpdateCommand).resolves({});
  vi.resetModules();
  const { clearCaches } = await import('@aws-lambda-powertools/parameters');
  clearCaches();
  const { observeRefusal } = await import('../../../../shared/sending/observe-refusal.ts');
  const { failureOf } = await import('../../../../shared/instagram/graph-failure.ts');
  const { GraphError } = await import('../../../../shared/instagram/graph-errors.ts');
  send = async () => {
    const error = new GraphError(400, { message: 'no', type: 'OAuthException', ...refusal });
    const { status, code, message } = failureOf(error, await observeRefusal(error, customerId)) ?? {};
    return { status, body: { code: code ?? '', error: message ?? '' } };
  };
});
afterEach(() => vi.unstubAllEnvs());

/** The customer wrote this long ago. */
const wroteAgo = (ageMs: number) =>
  table
    .on(GetCommand, { Key: { pk: `conversation#${accountId}#${customerId}`, sk: 'summary' } })
    .resolves({ Item: { last_in_at: Date.now() - ageMs } });

const observed = () =>
  table
    .commandCalls(UpdateCommand)
    .map((call) => call.args[0].input)
    .filter(({ Key }) => Key?.pk === 'health')
    .flatMap(({ ExpressionAttributeNames }) => Object.values(ExpressionAttributeNames ?? {}));

describe('a refusal that hints at the set-up is remembered', () => {
  test.each([
    [200, 2018028, '200/2018028', 'permission_denied'],
    [200, 2534041, '200/2534041', 'message_access_off'],
    [200, undefined, '200/0', 'permission_denied'],
    [1, 99, '1/99', 'meta_access_missing'],
    [100, 2534037, '100/2534037', 'not_thread_owner'],
    [100, 2534014, '100/2534014', 'unknown_recipient'],
    [2018300, undefined, '2018300/0', 'not_thread_owner'],
  ])('%i/%s', async (code, error_subcode, name, answer) => {
    refusal = { code, ...(error_subcode !== undefined && { error_subcode }) };
    expect(await send()).toMatchObject({ status: 400, body: { code: answer } });
    expect(observed()).toEqual([`refused_send_at ${name}`]);
  });

  test('once a minute, however many are refused', async () => {
    refusal = { code: 1, error_subcode: 99 };
    for (let n = 0; n < 5; n += 1) await send();
    refusal = { code: 100, error_subcode: 2534037 };
    await send();
    expect(observed()).toEqual(['refused_send_at 1/99', 'refused_send_at 100/2534037']);
  });
});

test.each([
  [10, 2534077],
  [100, undefined],
  [100, 2018001],
  [190, 463],
  [613, undefined],
  [551, undefined],
])('%i/%s hints at nothing', async (code, error_subcode) => {
  refusal = { code, ...(error_subcode !== undefined && { error_subcode }) };
  await send();
  expect(observed()).toEqual([]);
});

describe.each([2534022, 2018278])('10/%i', (error_subcode) => {
  beforeEach(() => {
    refusal = { code: 10, error_subcode };
  });

  test('in a window that is open is remembered, and the answer names other causes', async () => {
    wroteAgo(23 * hourMs);
    const { status, body } = await send();
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'outside_reply_window' });
    expect(body.error).toContain('within 24 hours');
    expect(body.error).toContain('Advanced Access');
    expect(body.error).toContain('a token of the app that received it');
    expect(observed()).toEqual([`refused_send_at 10/${error_subcode}`]);
  });

  test.each([
    ['a window that has closed', () => wroteAgo(25 * hourMs)],
    ['a window that the Human Agent tag alone would reach', () => wroteAgo(48 * hourMs)],
    ['a customer who never wrote', () => table.on(GetCommand, summaryKey).resolves({})],
    ['a table that fails', () => table.on(GetCommand, summaryKey).rejects(new Error('down'))],
  ])('in %s is as Meta says', async (_what, given: () => unknown) => {
    given();
    const { status, body } = await send();
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'outside_reply_window' });
    expect(body.error).not.toContain('Advanced Access');
    expect(observed()).toEqual([]);
  });
});

const summaryKey = { Key: { pk: `conversation#${accountId}#${customerId}`, sk: 'summary' } };

describe('an observation that fails', () => {
  test('changes no answer', async () => {
    table.on(UpdateCommand).rejects(new Error('down'));
    refusal = { code: 1, error_subcode: 99 };
    expect(await send()).toMatchObject({ status: 400, body: { code: 'meta_access_missing' } });
  });

  test('or that never ends holds nobody up', async () => {
    const limit = new AbortController();
    const limits = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    table.on(UpdateCommand).callsFake(() => {
      const { promise, reject } = Promise.withResolvers<never>();
      limit.signal.addEventListener('abort', () => reject(new Error('aborted')));
      setImmediate(() => limit.abort());
      return promise;
    });
    refusal = { code: 1, error_subcode: 99 };
    expect(await send()).toMatchObject({ status: 400, body: { code: 'meta_access_missing' } });
    expect(limits.mock.calls).toEqual([[1000]]);
    expect(table.commandCalls(UpdateCommand).map(({ args }) => (args as readonly unknown[])[1])).toEqual([
      { abortSignal: limit.signal },
    ]);
  });
});
