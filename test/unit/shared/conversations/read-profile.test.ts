import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readProfile } from '../../../../shared/conversations/read-profile.ts';
import { GraphError, GraphNoAnswerError } from '../../../../shared/instagram/graph-errors.ts';
import type { CustomerId } from '../../../../shared/instagram/ids.ts';
import { answerJson, startServer, type TestServer } from '../../../builders/http-server.ts';
import { customerId } from '../../../builders/webhook.ts';

const caller = { access_token: 'token', login: 'facebook' } as const;
const metasDate = 'Wed, 21 Oct 2015 07:28:00 GMT';
const ask = () => readProfile(caller, customerId as CustomerId);

let server: TestServer;
let status: number;
let body: unknown;

beforeEach(async () => {
  server = await startServer((_request, response) => {
    response.setHeader('date', metasDate);
    answerJson(response, status, body);
  });
  vi.stubEnv('GRAPH_API_BASE_URL', server.url);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

describe('a profile', () => {
  test('is read by id, as of the time on the clock of Meta', async () => {
    status = 200;
    body = { id: customerId, name: 'Zoë 🧵', username: 'zoe_shop', profile_pic: 'https://cdn.example/1' };
    expect(await ask()).toEqual({
      name: 'Zoë 🧵',
      username: 'zoe_shop',
      profilePic: 'https://cdn.example/1',
      readAtMs: Date.parse(metasDate),
    });
    expect(server.requests[0]?.url.pathname).toBe(`/v25.0/${customerId}`);
    expect(server.requests[0]?.url.searchParams.get('fields')).toBe('name,username,profile_pic');
  });

  test.each([
    [{ username: 'zoe_shop', name: null, profile_pic: null }, { username: 'zoe_shop' }],
    [{ id: customerId }, { isMiss: true }],
    [{ username: 7 }, { isMiss: true }],
    [[], { isMiss: true }],
  ])('that says %j', async (told, contact) => {
    status = 200;
    body = told;
    expect(await ask()).toEqual({ ...contact, readAtMs: Date.parse(metasDate) });
  });
});

const refuse = (code: number, subcode?: number, more = {}) => ({
  error: { message: 'No', type: 'IGApiException', code, ...(subcode && { error_subcode: subcode }), ...more },
});

test.each([
  ['there is no consent', refuse(230)],
  ['the person is gone', refuse(100, 33)],
  ['the id is another account’s', refuse(100, 2534014)],
  ['the person is unknown', refuse(9010)],
])('a refusal because %s is an answer, and kept', async (_, refusal) => {
  status = 400;
  body = refusal;
  expect(await ask()).toEqual({ isMiss: true, readAtMs: expect.any(Number) });
});

test.each([
  ['the token is bad', 400, refuse(190, 463)],
  ['too many calls were made', 400, refuse(4)],
  ['Meta failed', 500, refuse(1)],
  ['Meta is unavailable', 503, refuse(2)],
  ['Meta calls it passing', 400, refuse(100, undefined, { is_transient: true })],
])('that %s says nothing about the person', async (_, answered, refusal) => {
  status = answered;
  body = refusal;
  await expect(ask()).rejects.toBeInstanceOf(GraphError);
});

test('nor does no answer', async () => {
  status = 200;
  body = undefined;
  await expect(ask()).rejects.toBeInstanceOf(GraphNoAnswerError);
});
