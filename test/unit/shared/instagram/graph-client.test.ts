import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { graph } from '../../../../shared/instagram/graph-client.ts';
import {
  GraphError,
  GraphNoAnswerError,
  GraphNotReachedError,
} from '../../../../shared/instagram/graph-errors.ts';
import type { GraphSecret } from '../../../../shared/runtime/secrets.ts';
import {
  answerJson,
  type ReceivedRequest,
  startServer,
  type TestServer,
} from '../../../builders/http-server.ts';

const secret: GraphSecret = { access_token: 'token', ig_user_id: '17841400000000001', login: 'facebook' };
const send = { path: '/me/messages', body: { text: 'ä' }, timeoutMs: 2_000 } as const;

let server: TestServer;
let answer: (request: ReceivedRequest, response: ServerResponse) => void;

beforeEach(async () => {
  answer = (_request, response) => answerJson(response, 200, { ok: true });
  server = await startServer((request, response) => answer(request, response));
  vi.stubEnv('GRAPH_API_BASE_URL', server.url);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

describe('a call', () => {
  test('carries the version in its path and the token in a header alone', async () => {
    await expect(graph.post(secret, send)).resolves.toEqual({ ok: true });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', body: '{"text":"ä"}' });
    expect(request?.url.pathname).toBe('/v25.0/me/messages');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token',
      'content-type': 'application/json',
      'content-length': '13',
    });
    expect(request?.url.search).toBe('');
  });

  test('carries its query, and the proof where the app asks for one', async () => {
    const call = { path: '/me/conversations', query: { platform: 'instagram' }, timeoutMs: 2_000 } as const;
    await graph.get({ ...secret, appsecret_proof: 'proof' }, call);
    expect(server.requests[0]?.url.search).toBe('?platform=instagram&appsecret_proof=proof');
  });

  test('that posts uses a connection of its own', async () => {
    await graph.post(secret, send);
    expect(server.requests[0]?.headers.connection).toBe('close');
  });
});

describe('what a failure proves', () => {
  test("Meta's own error is passed on whole, whatever its status", async () => {
    const error = {
      message: '(#10) outside the window',
      type: 'IGApiException',
      code: 10,
      error_subcode: 2534022,
      fbtrace_id: 'AbC',
    };
    answer = (_request, response) => answerJson(response, 200, { error });
    const failure = await graph.post(secret, send).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(GraphError);
    expect(failure).toMatchObject({ details: error });
  });

  test('a refused connection never reached Meta', async () => {
    await server.stop();
    await expect(graph.post(secret, send)).rejects.toBeInstanceOf(GraphNotReachedError);
  });

  test('a name that does not resolve never reached Meta', async () => {
    vi.stubEnv('GRAPH_API_BASE_URL', 'http://graph.invalid');
    await expect(graph.post(secret, send)).rejects.toBeInstanceOf(GraphNotReachedError);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['a connection cut after the request', (response) => response.socket?.destroy()],
    [
      'an answer that breaks off',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"message_id":');
        setTimeout(() => response.socket?.destroy(), 10);
      },
    ],
    ['a page in place of JSON', (response) => response.writeHead(502).end('<html>')],
    [
      'a redirect, which is not followed',
      (response) => response.writeHead(302, { location: '/x' }).end('{}'),
    ],
    ['a 500 without an error', (response) => answerJson(response, 500, {})],
    ['an answer without end', (response) => response.writeHead(200).end('x'.repeat(6 * 1024 * 1024))],
  ])('%s leaves the outcome unknown', async (_what, behave) => {
    answer = (_request, response) => behave(response);
    await expect(graph.post(secret, send)).rejects.toBeInstanceOf(GraphNoAnswerError);
    expect(server.requests).toHaveLength(1);
  });

  test('silence leaves the outcome unknown', async () => {
    answer = () => undefined;
    await expect(graph.post(secret, { ...send, timeoutMs: 50 })).rejects.toBeInstanceOf(GraphNoAnswerError);
  });

  test('no failure quotes the token', async () => {
    answer = (_request, response) => response.writeHead(502).end('token');
    const failure = await graph.post(secret, send).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(failure) + String(failure)).not.toContain('Bearer');
  });
});
