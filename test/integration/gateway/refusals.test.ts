import { request } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { type KeyStore, keyId, keyStore } from '../../../shared/runtime/keys.ts';
import { canaries } from '../../builders/canaries.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { delivery, messageItem, metaBytes, sign } from '../../builders/webhook.ts';

let gateway: TestGateway;
let keys: KeyStore;
const hello = metaBytes(delivery(messageItem({ mid: 'm1', text: canaries.text })));
const text = { recipient_id: '123456789', message: canaries.text };

beforeAll(async () => {
  gateway = await startTestGateway();
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  keys = keyStore(client, gateway.tableName);
});
afterAll(() => gateway.stop());

/** Every refusal of ours has the one shape. */
function expectRefusal(answer: { status: number; body: unknown }, status: number, code: string): void {
  expect(answer.body).toMatchObject({
    error: expect.stringMatching(/\w/),
    code,
    request_id: expect.stringMatching(/\w/),
  });
  expect(answer.status).toBe(status);
}

describe('the webhook refuses', () => {
  const post = async (body: string, headers: Record<string, string> = {}) =>
    gateway.api('/api/webhook', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const signed = (body: string, secret: string) => post(body, { 'x-hub-signature-256': sign(body, secret) });
  const shake = (query: Record<string, string>) =>
    gateway.api(`/api/webhook?${new URLSearchParams(query).toString()}`);

  test('401 unsigned', async () => {
    expectRefusal(await post(hello), 401, 'missing_signature');
  });

  test('401 wrongly signed', async () => {
    expectRefusal(await signed(hello, 'another-secret'), 401, 'wrong_signature');
  });

  test('401 a signature of another length', async () => {
    const short = sign(hello, canaries.appSecret).slice(0, -2);
    expectRefusal(await post(hello, { 'x-hub-signature-256': short }), 401, 'wrong_signature');
  });

  test('401 a signature of other bytes', async () => {
    const signature = sign(`${hello} `, canaries.appSecret);
    expectRefusal(await post(hello, { 'x-hub-signature-256': signature }), 401, 'wrong_signature');
  });

  test('but not one signed with the second secret', async () => {
    expect(await signed(hello, canaries.secondAppSecret)).toMatchObject({ status: 200, body: { events: 1 } });
  });

  test('400 signed, but not JSON', async () => {
    expectRefusal(await signed('{"object":', canaries.appSecret), 400, 'malformed_json');
  });

  test('but acknowledges a foreign object, and queues nothing', async () => {
    expect(await signed('{"object":"page","entry":[{}]}', canaries.appSecret)).toMatchObject({
      status: 200,
      body: { events: 0 },
    });
  });

  test('403 a wrong verify token', async () => {
    const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'guess', 'hub.challenge': '1' };
    expectRefusal(await shake(query), 403, 'wrong_verify_token');
  });

  test('400 missing parameters', async () => {
    expectRefusal(await shake({}), 400, 'missing_parameter');
  });

  test('413 above 10 MB, in the form of API Gateway', async () => {
    const { status, body } = await post('x'.repeat(10 * 1024 * 1024 + 1));
    expect({ status, body }).toEqual({ status: 413, body: { message: 'Request Entity Too Large' } });
  });
});

describe('the API refuses', () => {
  test('401 no key', async () => {
    const answer = await gateway.api('/api/get-messages', { headers: { authorization: '' } });
    expectRefusal(answer, 401, 'missing_key');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('401 an unknown key', async () => {
    const headers = { authorization: 'Bearer igmg_unknown' };
    expectRefusal(await gateway.api('/api/get-messages', { headers }), 401, 'unknown_key');
  });

  test('401 a revoked key', async () => {
    const key = 'a-key-that-will-be-revoked';
    await keys.put(key, { name: 'x', kind: 'bot', roles: ['read'] });
    await keys.revoke(keyId(key));
    const headers = { authorization: `Bearer ${key}` };
    expectRefusal(await gateway.api('/api/get-messages', { headers }), 401, 'unknown_key');
  });

  test('403 a key of another role', async () => {
    const key = 'a-key-that-may-only-read';
    await keys.put(key, { name: 'x', kind: 'bot', roles: ['read'] });
    const headers = { authorization: `Bearer ${key}` };
    expect((await gateway.api('/api/get-messages', { headers })).status).toBe(200);
    const { headers: json, ...post } = jsonBody(text);
    const answer = await gateway.api('/api/send-message', {
      ...post,
      headers: { ...(json as Record<string, string>), ...headers },
    });
    expectRefusal(answer, 403, 'wrong_role');
  });

  test('404 an unknown route', async () => {
    expectRefusal(await gateway.api('/api/nothing'), 404, 'unknown_path');
  });

  test('404 an unknown conversation', async () => {
    expectRefusal(await gateway.api('/api/conversations/1.2/messages'), 404, 'unknown_conversation');
    expectRefusal(await gateway.api('/api/conversations/nonsense/messages'), 404, 'unknown_conversation');
  });

  test('405 a wrong method', async () => {
    const answer = await gateway.api('/api/send-message');
    expectRefusal(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test.each(['0', '101', '-1', 'many', '1e9', ''])('400 limit=%s', async (limit) => {
    expectRefusal(await gateway.api(`/api/conversations?limit=${limit}`), 400, 'invalid_request');
  });

  test.each(['x', 'MTIz', '%00'])('400 cursor=%s', async (cursor) => {
    expectRefusal(await gateway.api(`/api/conversations?cursor=${cursor}`), 400, 'invalid_cursor');
  });
});

describe('send-message refuses', () => {
  const send = (body: unknown) => gateway.api('/api/send-message', jsonBody(body));

  test('415 another content type', async () => {
    const answer = await gateway.api('/api/send-message', {
      method: 'POST',
      body: JSON.stringify(text),
      headers: { 'content-type': 'text/plain' },
    });
    expectRefusal(answer, 415, 'unsupported_media_type');
  });

  test('413 a body too large', async () => {
    const answer = await send({ ...text, message: 'x'.repeat(300_000) });
    expectRefusal(answer, 413, 'body_too_large');
    expect(answer.body.details).toMatchObject({ limit_bytes: 262_144 });
  });

  test('400 malformed JSON', async () => {
    expectRefusal(await send('{"recipient_id": "123",'), 400, 'malformed_json');
    expectRefusal(await send(''), 400, 'malformed_json');
  });

  test.each<[string, unknown, string]>([
    ['a blank message', { ...text, message: '  ' }, 'blank'],
    ['501 × å', { ...text, message: 'å'.repeat(501) }, '1002 bytes'],
    ['a number for an id', { ...text, recipient_id: 123456789 }, 'in quotes'],
    ['no recipient', { message: 'x' }, 'recipient_id is required'],
    ['a misspelt field', { ...text, replyto: 'm' }, 'replyto'],
  ])('400 %s', async (_what, body, says) => {
    const answer = await send(body);
    expectRefusal(answer, 400, 'invalid_request');
    expect(answer.body.error).toContain(says);
  });

  test('nothing of it reached Meta', () => {
    expect(gateway.meta.calls.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

test('any Host is accepted, so that a tunnel works', async () => {
  const { port } = new URL(gateway.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(
      { host: '127.0.0.1', port, path: '/api/health', headers: { host: 'abc123.tunnel.example' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

test('the contract is served', async () => {
  const { status, body } = await gateway.api('/api/openapi.json');
  expect(status).toBe(200);
  expect(Object.keys((body as { paths?: object }).paths ?? {})).toContain('/api/send-message');
});
