import type { ServerResponse } from 'node:http';
import { clearCaches } from '@aws-lambda-powertools/parameters';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fromGraph } from '../../../functions/get-messages/from-graph.ts';
import { getMessagesQuery } from '../../../functions/get-messages/request.ts';
import {
  answerJson,
  type ReceivedRequest,
  startServer,
  type TestServer,
} from '../../builders/http-server.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId } from '../../builders/webhook.ts';

const secretsManager = mockClient(SecretsManagerClient);
const query = getMessagesQuery.parse({ source: 'graph' });
const remainingMs = 20_000;

let table: TestTable;
let server: TestServer;
let answer: (request: ReceivedRequest, response: ServerResponse) => void;

const thread = (customer: string, business = accountId) => ({
  id: `thread-${customer}`,
  participants: { data: [{ id: customer, username: 'ada' }, { id: business }] },
  messages: {
    data: [
      { id: 'm2', created_time: '2026-01-05T10:11:13+0000', from: { id: business }, message: 'yes' },
      { id: 'm1', created_time: '2026-01-05T10:11:12+0000', from: { id: customer }, message: 'hello' },
    ],
    paging: { next: 'https://graph.facebook.com/next?access_token=token' },
  },
});

const list = (...customers: string[]) => ({
  data: customers.map((customer) => ({ id: `thread-${customer}`, updated_time: '2026-01-05T10:11:13+0000' })),
  paging: { next: 'https://graph.facebook.com/next?access_token=token' },
});

// One for all tests: the function's client is made once a process.
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

beforeEach(async () => {
  server = await startServer((request, response) => answer(request, response));
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('GRAPH_API_BASE_URL', server.url);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  vi.stubEnv('GRAPH_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:graph');
  clearCaches();
  secretsManager.reset();
  secretsManager.on(GetSecretValueCommand).resolves({
    SecretString: JSON.stringify({ access_token: 'token', ig_user_id: accountId, login: 'facebook' }),
  });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

test('one bad thread does not fail the rest', async () => {
  answer = (request, response) => {
    if (request.url.pathname.endsWith('/conversations')) answerJson(response, 200, list('1', '2', '3'));
    else if (request.url.pathname.endsWith('thread-2')) {
      answerJson(response, 500, { error: { message: 'unknown', type: 'OAuthException', code: 1 } });
    } else answerJson(response, 200, thread(request.url.pathname.slice(-1)));
  };
  const { data, warnings } = await fromGraph(query, remainingMs);
  expect(data.map(({ recipient_id }) => recipient_id)).toEqual(['1', '3']);
  expect(warnings).toEqual([expect.stringContaining('thread-2')]);
  expect(JSON.stringify(data)).not.toContain('token');
});

test('the window counts from the customer, not from the newest message', async () => {
  answer = (request, response) =>
    answerJson(response, 200, request.url.pathname.endsWith('/conversations') ? list('1') : thread('1'));
  const { data } = await fromGraph(query, remainingMs);
  expect(data[0]?.reply_window).toMatchObject({ state: 'closed', opened_at: '2026-01-05T10:11:12.000Z' });
});

test('a Page id as IG_USER_ID gives no wrong recipient, but a warning', async () => {
  answer = (request, response) =>
    answerJson(
      response,
      200,
      request.url.pathname.endsWith('/conversations') ? list('1') : thread('1', 'another-account'),
    );
  const { data, warnings } = await fromGraph(query, remainingMs);
  expect(data[0]).not.toHaveProperty('recipient_id');
  expect(data[0]).toMatchObject({ can_reply: false, reply_window: { state: 'unknown' } });
  expect(warnings).toEqual([expect.stringContaining('IG_USER_ID')]);
});

test('a dead token fails the whole, since no thread can be read', async () => {
  answer = (request, response) => {
    if (request.url.pathname.endsWith('/conversations')) answerJson(response, 200, list('1'));
    else answerJson(response, 400, { error: { message: 'expired', code: 190, error_subcode: 463 } });
  };
  await expect(fromGraph(query, remainingMs)).rejects.toMatchObject({ details: { code: 190 } });
});

test('all readers together make at most two calls a second', async () => {
  const calledAtMs: number[] = [];
  answer = (request, response) => {
    calledAtMs.push(Date.now());
    answerJson(response, 200, request.url.pathname.endsWith('/conversations') ? list('1') : thread('1'));
  };
  await Promise.all([
    fromGraph(query, remainingMs),
    fromGraph(query, remainingMs),
    fromGraph(query, remainingMs),
  ]);
  expect(calledAtMs).toHaveLength(6);
  const inSecondFrom = (startMs: number) =>
    calledAtMs.filter((atMs) => atMs >= startMs && atMs < startMs + 1000).length;
  expect(Math.max(...calledAtMs.map(inSecondFrom))).toBeLessThanOrEqual(2);
});

test('when no call is left in time it says so, and asks Meta nothing', async () => {
  await expect(fromGraph(query, 0)).rejects.toMatchObject({ status: 429, code: 'rate_limited' });
  expect(server.requests).toEqual([]);
});

test('threads for which no time is left are named', async () => {
  answer = (request, response) => {
    if (request.url.pathname.endsWith('/conversations'))
      answerJson(response, 200, list('1', '2', '3', '4', '5', '6'));
    else answerJson(response, 200, thread(request.url.pathname.slice(-1)));
  };
  const { data, warnings } = await fromGraph(query, 4_500);
  expect(data.length).toBeLessThan(6);
  expect(warnings).toEqual([expect.stringContaining(`${6 - data.length} conversations could not be read`)]);
});
