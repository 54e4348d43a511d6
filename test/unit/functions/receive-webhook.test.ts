import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { QueuedEvent } from '../../../shared/conversations/queued-event.ts';
import { httpEvent, lambdaContext } from '../../builders/http-event.ts';
import { delivery, messageItem, metaBytes, sign } from '../../builders/webhook.ts';

const secretsManager = mockClient(SecretsManagerClient);
const sqs = mockClient(SQSClient);

const stored = {
  apps: [{ app_secret: 'facebook-secret' }, { app_secret: 'instagram-secret' }],
  verify_token: 'verify-me',
};

/** A fresh copy of the function, as a cold start makes it: its caches are empty. */
async function coldStart() {
  vi.resetModules();
  const { clearCaches } = await import('@aws-lambda-powertools/parameters');
  clearCaches();
  const { handler } = await import('../../../functions/receive-webhook/handler.ts');
  return handler;
}

let handler: Awaited<ReturnType<typeof coldStart>>;

beforeEach(async () => {
  vi.stubEnv('WEBHOOK_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  secretsManager.reset();
  sqs.reset();
  sqs.onAnyCommand().rejects(new Error('not set up'));
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(stored) });
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  handler = await coldStart();
});

const post = (body: string, headers: Record<string, string>, isBase64Encoded = false) =>
  handler(
    httpEvent('POST /api/webhook', {
      body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
      headers,
      isBase64Encoded,
    }),
    lambdaContext,
  );

const signed = (body: string, secret = 'facebook-secret') =>
  post(body, { 'x-hub-signature-256': sign(body, secret) });

const queued = (): QueuedEvent[] =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap((call) => call.args[0].input.Entries ?? [])
    .map((entry) => JSON.parse(entry.MessageBody ?? '') as QueuedEvent);

const error = (answer: { body?: string | undefined }) =>
  JSON.parse(answer.body ?? '') as Record<string, unknown>;

const hello = metaBytes(delivery(messageItem({ mid: 'm1', text: 'ä 😀 </script>' })));

describe('a delivery', () => {
  test('is queued as it came and answered with 200', async () => {
    expect(await signed(hello)).toMatchObject({ statusCode: 200 });
    expect(queued()).toEqual([
      {
        v: 1,
        source: 'webhook',
        delivery_id: 'request-1',
        received_at: 1760000000500,
        secret: 0,
        field: 'messages',
        standby: false,
        entry_id: '17841400000000001',
        entry_time: 1760000000456,
        item: messageItem({ mid: 'm1', text: 'ä 😀 </script>' }),
      },
    ]);
  });

  test('may be signed with any of the secrets', async () => {
    expect(await signed(hello, 'instagram-secret')).toMatchObject({ statusCode: 200 });
  });

  test('may come base64-encoded from API Gateway', async () => {
    const answer = await post(hello, { 'x-hub-signature-256': sign(hello, 'facebook-secret') }, true);
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(queued()).toHaveLength(1);
  });

  test('with any character is a message that SQS takes', async () => {
    const text = 'ä 😀 \u0000 \ufffe \uffff \ud83d שלום';
    await signed(metaBytes(delivery(messageItem({ mid: 'm1', text }))));
    const [entry] = sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries ?? [];
    expect(entry?.MessageBody).toMatch(/^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u);
    expect(queued()).toMatchObject([{ item: { message: { text } } }]);
  });

  test('of 1000 events goes in batches of at most ten', async () => {
    const items = Array.from({ length: 1000 }, (_, n) => messageItem({ mid: `m${n}`, text: 'x' }));
    expect(await signed(metaBytes(delivery(...items)))).toMatchObject({ statusCode: 200 });
    expect(sqs.commandCalls(SendMessageBatchCommand)).toHaveLength(100);
    expect(new Set(queued().map(({ item }) => JSON.stringify(item))).size).toBe(1000);
  });

  test('with large events never fills a batch above 1 MiB', async () => {
    const items = Array.from({ length: 12 }, (_, n) =>
      messageItem({ mid: `m${n}`, hologram: 'x'.repeat(200_000) }),
    );
    await signed(metaBytes(delivery(...items)));
    for (const call of sqs.commandCalls(SendMessageBatchCommand)) {
      const bodies = call.args[0].input.Entries?.map((entry) => entry.MessageBody ?? '') ?? [];
      expect(Buffer.byteLength(bodies.join(''))).toBeLessThanOrEqual(1024 * 1024);
    }
    expect(queued()).toHaveLength(12);
  });

  test('with an absurd event keeps what identifies it and the others whole', async () => {
    const absurd = messageItem({ mid: 'm1', text: 'x'.repeat(400_000) });
    await signed(metaBytes(delivery(absurd, messageItem({ mid: 'm2', text: 'y' }))));
    expect(queued()).toMatchObject([
      {
        item: {
          sender: absurd.sender,
          recipient: absurd.recipient,
          oversized: { bytes: expect.any(Number) },
        },
      },
      { item: { message: { mid: 'm2' } } },
    ]);
  });

  test('nested beyond reason is no error', async () => {
    const nested = `{"object":"instagram","entry":[{"messaging":[${'['.repeat(20_000)}${']'.repeat(20_000)}]}]}`;
    expect(await signed(nested)).toMatchObject({ statusCode: 200 });
    expect(queued()).toHaveLength(1);
  });

  test("of the dashboard's test gets a mid of its own", async () => {
    await signed(
      metaBytes({ field: 'messages', value: messageItem({ mid: 'random_mid', text: 'random_text' }) }),
    );
    expect(queued()).toMatchObject([{ item: { message: { mid: 'random_mid_request-1' } } }]);
  });

  test('of another object is acknowledged and not queued', async () => {
    expect(await signed('{"object":"page","entry":[]}')).toMatchObject({ statusCode: 200 });
    expect(queued()).toEqual([]);
  });
});

describe('a delivery is refused', () => {
  test('401 unsigned', async () => {
    const answer = await post(hello, {});
    expect(answer.statusCode).toBe(401);
    expect(error(answer)).toMatchObject({ code: 'missing_signature', request_id: 'request-1' });
  });

  test('401 signed with a foreign secret', async () => {
    const answer = await signed(hello, 'foreign-secret');
    expect(answer.statusCode).toBe(401);
    expect(error(answer)).toMatchObject({ code: 'wrong_signature' });
    expect(queued()).toEqual([]);
  });

  test('400 when it is signed but not JSON', async () => {
    const answer = await signed('{"object":');
    expect(answer.statusCode).toBe(400);
    expect(error(answer)).toMatchObject({ code: 'malformed_json' });
  });

  test('503 while there is no secret', async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .rejects(new ResourceNotFoundException({ message: 'no value', $metadata: {} }));
    const answer = await (await coldStart())(
      httpEvent('POST /api/webhook', { body: hello, headers: { 'x-hub-signature-256': sign(hello, 'x') } }),
      lambdaContext,
    );
    expect(answer.statusCode).toBe(503);
    expect(error(answer)).toMatchObject({ code: 'not_connected' });
  });

  test('503 while the secret is half written, without quoting it', async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .resolves({ SecretString: JSON.stringify({ apps: [{ app_secret: '' }], verify_token: 'canary' }) });
    const answer = await (await coldStart())(httpEvent('POST /api/webhook', { body: hello }), lambdaContext);
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('apps.0.app_secret');
    expect(answer.body).not.toContain('canary');
  });

  test('503 when the queue is not available', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('down'));
    const answer = await signed(hello);
    expect(answer.statusCode).toBe(503);
    expect(error(answer)).toMatchObject({ code: 'queue_unavailable' });
  });

  test('503 when the queue keeps refusing one entry', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: '0', SenderFault: false, Code: 'InternalError' }],
    });
    expect((await signed(hello)).statusCode).toBe(503);
  });
});

test('an entry that the queue refuses once is sent again, alone', async () => {
  sqs
    .on(SendMessageBatchCommand)
    .resolvesOnce({ Successful: [], Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError' }] })
    .resolves({ Successful: [], Failed: [] });
  const body = metaBytes(delivery(messageItem({ mid: 'm1' }), messageItem({ mid: 'm2' })));
  expect((await signed(body)).statusCode).toBe(200);
  const sent = sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input.Entries?.length);
  expect(sent).toEqual([2, 1]);
});

describe('a changed secret', () => {
  test('is fetched anew when a signature fails', async () => {
    expect((await signed(hello)).statusCode).toBe(200);
    secretsManager
      .on(GetSecretValueCommand)
      .resolves({ SecretString: JSON.stringify({ ...stored, apps: [{ app_secret: 'new-secret' }] }) });
    expect((await signed(hello, 'new-secret')).statusCode).toBe(200);
  });

  test('is fetched at most once a minute, however many signatures fail', async () => {
    for (let n = 0; n < 5; n += 1) await signed(hello, 'foreign-secret');
    expect(secretsManager.commandCalls(GetSecretValueCommand)).toHaveLength(2);
  });
});

describe('the handshake', () => {
  const shake = (query: Record<string, string>) =>
    handler(httpEvent('GET /api/webhook', { query }), lambdaContext);
  const right = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-me', 'hub.challenge': '482915370' };

  test('answers the challenge as plain text', async () => {
    expect(await shake(right)).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '482915370',
    });
  });

  test('takes underscores for dots', async () => {
    const query = { hub_mode: 'subscribe', hub_verify_token: 'verify-me', hub_challenge: '1' };
    expect(await shake(query)).toMatchObject({ statusCode: 200, body: '1' });
  });

  test('403 with another token', async () => {
    const answer = await shake({ ...right, 'hub.verify_token': 'guess' });
    expect(answer.statusCode).toBe(403);
    expect(error(answer)).toMatchObject({ code: 'wrong_verify_token' });
  });

  test.each(['hub.mode', 'hub.verify_token', 'hub.challenge'])('400 without %s', async (name) => {
    const answer = await shake(Object.fromEntries(Object.entries(right).filter(([key]) => key !== name)));
    expect(answer.statusCode).toBe(400);
    expect(error(answer)).toMatchObject({ details: { parameter: name } });
  });

  test('400 with a challenge that is markup', async () => {
    const answer = await shake({ ...right, 'hub.challenge': '<script>' });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).not.toContain('<script>');
  });

  test('400 with another mode', async () => {
    expect((await shake({ ...right, 'hub.mode': 'unsubscribe' })).statusCode).toBe(400);
  });
});
