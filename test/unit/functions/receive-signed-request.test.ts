import { createHmac } from 'node:crypto';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { healthStore } from '../../../shared/account/health-store.ts';
import { httpEvent, lambdaContext } from '../../builders/http-event.ts';
import { startEmbeddedTable, type TestTable } from '../../builders/table.ts';

const secretsManager = mockClient(SecretsManagerClient);
const stored = {
  apps: [{ app_secret: 'facebook-secret' }, { app_secret: 'instagram-secret' }],
  verify_token: 'verify-me',
};
const receivedAtMs = 1760000000500;

let table: TestTable;
let handler: Awaited<ReturnType<typeof coldStart>>;

/** A fresh copy of the function, as a cold start makes it: its caches are empty. */
async function coldStart() {
  vi.resetModules();
  const { clearCaches } = await import('@aws-lambda-powertools/parameters');
  clearCaches();
  const { handler: fresh } = await import('../../../functions/receive-signed-request/handler.ts');
  return fresh;
}

beforeEach(async () => {
  table = await startEmbeddedTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('WEBHOOK_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook');
  secretsManager.reset();
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(stored) });
  handler = await coldStart();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await table.stop();
});

const request = { user_id: '218471', algorithm: 'HMAC-SHA256', issued_at: 1760000000 };
const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function signed(value: unknown, secret = 'facebook-secret'): string {
  const payload = encoded(value);
  return `${createHmac('sha256', secret).update(payload).digest('base64url')}.${payload}`;
}

const formOf = (signedRequest: string) => new URLSearchParams({ signed_request: signedRequest }).toString();

async function post(path: '/api/data-deletion' | '/api/deauthorize', body: string, isBase64Encoded = false) {
  const answer = await handler(
    httpEvent(`POST ${path}`, {
      body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
      headers: { host: 'gateway.example', 'content-type': 'application/x-www-form-urlencoded' },
      isBase64Encoded,
    }),
    lambdaContext,
  );
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') as Record<string, unknown> };
}

const show = async (code: string) =>
  handler(httpEvent('GET /api/data-deletion/{code}', { path: { code } }), lambdaContext);

describe('a data-deletion request', () => {
  test.each(['facebook-secret', 'instagram-secret'])(
    'signed with the %s is recorded, and answered as Meta wants',
    async (secret) => {
      const { status, body } = await post('/api/data-deletion', formOf(signed(request, secret)));
      const { confirmation_code: code } = body as { confirmation_code: string };
      expect(status).toBe(200);
      expect(body).toEqual({
        url: `https://gateway.example/api/data-deletion/${code}`,
        confirmation_code: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(await table.items()).toMatchObject([
        {
          pk: `app_user_request#${code}`,
          kind: 'data_deletion',
          user_id: '218471',
          received_at: receivedAtMs,
        },
      ]);
      expect(await healthStore(table.client, table.name).observations()).toEqual({
        dataDeletionAtMs: receivedAtMs,
      });
      const page = await show(code);
      expect(page).toMatchObject({
        statusCode: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': expect.stringContaining("'none'"),
        },
      });
      expect(page.body).toContain(code);
      expect(page.body).toContain('2025-10-09T08:53:20.500Z');
      expect(page.body).not.toContain('218471');
    },
  );

  test('that comes again, also base64 encoded, is the same one', async () => {
    const first = await post('/api/data-deletion', formOf(signed(request)));
    expect(await post('/api/data-deletion', formOf(signed(request)), true)).toEqual(first);
    expect(await table.items()).toHaveLength(1);
    const other = await post('/api/data-deletion', formOf(signed({ ...request, issued_at: 1760000001 })));
    expect(other.body.confirmation_code).not.toBe(first.body.confirmation_code);
  });

  test('erases nothing', async () => {
    await post('/api/data-deletion', formOf(signed({ ...request, user_id: '1234567890123456' })));
    expect((await table.items()).map(({ type }) => type)).toEqual(['app_user_request']);
  });

  test('is known by its code alone', async () => {
    for (const code of ['', 'x', '0'.repeat(32), '../keys']) {
      expect(await show(code)).toMatchObject({ statusCode: 404 });
    }
  });
});

test('a deauthorization is recorded and told', async () => {
  expect(await post('/api/deauthorize', formOf(signed(request)))).toEqual({
    status: 200,
    body: { success: true },
  });
  expect(await table.items()).toMatchObject([{ kind: 'deauthorize', user_id: '218471' }]);
  expect(await healthStore(table.client, table.name).observations()).toEqual({
    deauthorizedAtMs: receivedAtMs,
  });
});

describe.each(['/api/data-deletion', '/api/deauthorize'] as const)('%s refuses', (path) => {
  const [signature, payload] = signed(request).split('.') as [string, string];
  const expectRefusal = async (body: string, status: number, code: string) => {
    expect(await post(path, body)).toMatchObject({ status, body: { code } });
    expect(await table.items()).toEqual([]);
  };

  test.each([
    ['another secret', formOf(signed(request, 'somebody'))],
    ['another payload under the signature', formOf(`${signature}.${encoded({ ...request, user_id: '1' })}`)],
    ['the payload of another secret', formOf(`${signed('x').split('.')[0]}.${payload}`)],
  ])('%s with 401', (_, body) => expectRefusal(body, 401, 'wrong_signature'));

  test.each([
    ['another algorithm', formOf(signed({ ...request, algorithm: 'none' }))],
    ['no algorithm', formOf(signed({ user_id: '1' }))],
    ['no user', formOf(signed({ algorithm: 'HMAC-SHA256' }))],
    ['a user that is an object', formOf(signed({ ...request, user_id: { a: 1 } }))],
    ['what is not JSON', formOf(signed('not json'))],
    ['a list', formOf(signed([request]))],
    ['a short signature', formOf(`AAAA.${payload}`)],
    ['no signature', formOf(`.${payload}`)],
    ['no point', formOf(signature)],
    ['nothing', formOf('')],
  ])('%s with 400', (_, body) => expectRefusal(body, 400, 'malformed_signed_request'));

  test.each([
    ['an empty body', ''],
    ['JSON', '{"signed_request":"a.b"}'],
    ['another field', 'a=b'],
  ])('%s with 400', (_, body) => expectRefusal(body, 400, 'missing_parameter'));

  test('a large body with 413', () =>
    expectRefusal(`signed_request=${'a'.repeat(10_000)}`, 413, 'body_too_large'));

  test('everything with 503 while there is no secret', async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
    handler = await coldStart();
    await expectRefusal(formOf(signed(request)), 503, 'not_connected');
  });
});
