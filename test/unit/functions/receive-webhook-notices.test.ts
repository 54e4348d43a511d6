import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { queueBody } from '../../../shared/conversations/queue-body.ts';
import { httpEvent, lambdaContext } from '../../builders/http-event.ts';
import { delivery, messageItem, metaBytes, sign } from '../../builders/webhook.ts';

const secretsManager = mockClient(SecretsManagerClient);
const sqs = mockClient(SQSClient);
const stored = { apps: [{ app_secret: 'secret' }], verify_token: 'verify-me' };
const hello = metaBytes(delivery(messageItem({ mid: 'm1', text: 'x' })));
const at = 1760000000500;

let handler: typeof import('../../../functions/receive-webhook/handler.ts').handler;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubEnv('WEBHOOK_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  secretsManager.reset();
  sqs.reset();
  sqs.onAnyCommand().rejects(new Error('not set up'));
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(stored) });
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  sqs.on(SendMessageCommand).resolves({});
  vi.resetModules();
  const { clearCaches } = await import('@aws-lambda-powertools/parameters');
  clearCaches();
  ({ handler } = await import('../../../functions/receive-webhook/handler.ts'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const post = (body: string, headers: Record<string, string>) =>
  handler(httpEvent('POST /api/webhook', { body, headers }), lambdaContext);
const signed = (body: string, secret: string) => post(body, { 'x-hub-signature-256': sign(body, secret) });
const shake = (token: string, challenge = '482915370') =>
  handler(
    httpEvent('GET /api/webhook', {
      query: { 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': challenge },
    }),
    lambdaContext,
  );

/** As the consumer reads them. */
const notices = () =>
  sqs
    .commandCalls(SendMessageCommand)
    .map((call) => queueBody.parse(JSON.parse(call.args[0].input.MessageBody ?? '')));

describe('a notice is queued of', () => {
  test('a forged signature', async () => {
    expect((await signed(hello, 'forged')).statusCode).toBe(401);
    expect(notices()).toEqual([{ v: 1, source: 'notice', notice: 'signature_failed', at }]);
  });

  test('a wrong verify token, without the token', async () => {
    expect((await shake('guess')).statusCode).toBe(403);
    expect(notices()).toEqual([{ v: 1, source: 'notice', notice: 'wrong_verify_token', at }]);
  });

  test('a foreign object, with its name', async () => {
    expect(await signed('{"object":"page","entry":[]}', 'secret')).toMatchObject({ statusCode: 200 });
    expect(notices()).toEqual([{ v: 1, source: 'notice', notice: 'foreign_object', at, object: 'page' }]);
  });

  test('a passed handshake, with its challenge', async () => {
    expect(await shake('verify-me')).toMatchObject({ statusCode: 200, body: '482915370' });
    expect(notices()).toEqual([
      { v: 1, source: 'notice', notice: 'handshake_passed', at, challenge: '482915370' },
    ]);
  });
});

test.each([
  ['a body without a signature', () => post(hello, {})],
  ['a delivery of Instagram', () => signed(hello, 'secret')],
  ['a handshake without a challenge', () => shake('verify-me', '')],
])('no notice of %s', async (_what, act: () => Promise<unknown>) => {
  await act();
  expect(notices()).toEqual([]);
});

test.each([
  ['WhatsApp_Business_Account', 'whatsapp_business_account'],
  ['p'.repeat(1000), 'p'.repeat(32)],
  ['<b>7</b>', 'bb'],
  ['123', 'unknown'],
])('the object %s is told as %s', async (object, name) => {
  await signed(JSON.stringify({ object }), 'secret');
  expect(notices()).toMatchObject([{ notice: 'foreign_object', object: name }]);
});

test('a long challenge is answered whole and told in part', async () => {
  const challenge = '7'.repeat(200);
  expect(await shake('verify-me', challenge)).toMatchObject({ body: challenge });
  expect(notices()).toMatchObject([{ challenge: '7'.repeat(64) }]);
});

describe('how often', () => {
  test('a flood is one notice a minute of each kind', async () => {
    for (let n = 0; n < 50; n += 1) {
      await signed(hello, 'forged');
      await shake('guess');
      await signed('{"object":"page"}', 'secret');
    }
    const kinds = ['signature_failed', 'wrong_verify_token', 'foreign_object'];
    expect(notices()).toMatchObject(kinds.map((notice) => ({ notice })));
    vi.setSystemTime(Date.now() + 59_999);
    await signed(hello, 'forged');
    expect(notices()).toHaveLength(3);
    vi.setSystemTime(Date.now() + 1);
    await signed(hello, 'forged');
    expect(notices()).toHaveLength(4);
  });

  test('every handshake is told, since one of them is waited for', async () => {
    await shake('verify-me', '1');
    await shake('verify-me', '2');
    expect(notices()).toMatchObject([{ challenge: '1' }, { challenge: '2' }]);
  });
});

describe('a queue that fails changes no answer', () => {
  beforeEach(() => {
    sqs.on(SendMessageCommand).rejects(new Error('down'));
  });

  test.each<[string, () => Promise<{ statusCode?: number | undefined }>, number]>([
    ['a forged signature', () => signed(hello, 'forged'), 401],
    ['a wrong verify token', () => shake('guess'), 403],
    ['a foreign object', () => signed('{"object":"page"}', 'secret'), 200],
    ['a handshake', () => shake('verify-me'), 200],
  ])('to %s', async (_what, act, status) => {
    expect((await act()).statusCode).toBe(status);
    expect(sqs.commandCalls(SendMessageCommand)).toHaveLength(1);
  });

  test('and a flood does not ask it again and again', async () => {
    for (let n = 0; n < 5; n += 1) await signed(hello, 'forged');
    expect(sqs.commandCalls(SendMessageCommand)).toHaveLength(1);
  });
});
