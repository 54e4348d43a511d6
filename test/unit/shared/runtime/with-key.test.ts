import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { success } from '../../../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../../../shared/runtime/http/api-handler.ts';
import { keyId } from '../../../../shared/runtime/keys.ts';
import { httpEvent, lambdaContext } from '../../../builders/http-event.ts';

const table = mockClient(DynamoDBDocumentClient);
const handler = apiHandler('read', {}, async ({ apiKey }) => success({ name: apiKey.name }));
const stored = (key: string) => ({
  Item: { sk: keyId(key), name: 'till', kind: 'bot', roles: ['read'], created_at: '' },
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('TABLE_NAME', 'gateway');
  table.reset();
});
afterEach(() => {
  vi.useRealTimers();
});

const call = async (key: string) =>
  (
    await handler(
      httpEvent('GET /api/conversations', { headers: { authorization: `Bearer ${key}` } }),
      lambdaContext,
    )
  ).statusCode;

test('a key is looked up by its hash, never by itself', async () => {
  table.on(GetCommand).resolves(stored('key-one'));
  expect(await call('key-one')).toBe(200);
  expect(table.commandCalls(GetCommand)[0]?.args[0].input.Key).toEqual({ pk: 'keys', sk: keyId('key-one') });
});

test('a revoked key works for at most 60 seconds', async () => {
  table.on(GetCommand).resolves(stored('key-two'));
  expect(await call('key-two')).toBe(200);
  table.on(GetCommand).resolves({});
  vi.advanceTimersByTime(59_999);
  expect(await call('key-two')).toBe(200);
  vi.advanceTimersByTime(1);
  expect(await call('key-two')).toBe(401);
});

test('a key that was unknown works as soon as it is made', async () => {
  table.on(GetCommand).resolves({});
  expect(await call('key-three')).toBe(401);
  table.on(GetCommand).resolves(stored('key-three'));
  expect(await call('key-three')).toBe(200);
});

test('a failing table is a 500 that tells nothing of our insides', async () => {
  table.on(GetCommand).rejects(new Error('secret detail'));
  const answer = await handler(
    httpEvent('GET /api/conversations', { headers: { authorization: 'Bearer key-four' } }),
    lambdaContext,
  );
  expect(answer.statusCode).toBe(500);
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'internal_error', request_id: 'request-1' });
  expect(answer.body).not.toContain('secret detail');
});
