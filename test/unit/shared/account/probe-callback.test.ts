import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { isOwnChallenge, newOwnChallenge } from '../../../../shared/account/own-challenge.ts';
import { callbackUrlAt, probeCallback } from '../../../../shared/account/probe-callback.ts';
import { startServer, type TestServer } from '../../../builders/http-server.ts';

let server: TestServer | undefined;

afterEach(() => server?.stop());

async function probeOf(answer: (challenge: string, response: ServerResponse) => void, timeoutMs = 5_000) {
  server = await startServer(({ url }, response) =>
    answer(url.searchParams.get('hub.challenge') ?? '', response),
  );
  return probeCallback(callbackUrlAt(server.url), 'the token', timeoutMs);
}

test('a handshake is made as Meta makes it, with a challenge of our own', async () => {
  expect(await probeOf((challenge, response) => response.end(challenge))).toEqual({ result: 'ok' });
  const [request] = server?.requests ?? [];
  expect(request?.method).toBe('GET');
  expect(request?.url.pathname).toBe('/api/webhook');
  const query = Object.fromEntries(request?.url.searchParams ?? []);
  expect(query).toEqual({
    'hub.mode': 'subscribe',
    'hub.verify_token': 'the token',
    'hub.challenge': expect.stringMatching(/^\d+$/),
  });
  expect(isOwnChallenge(query['hub.challenge'] ?? '')).toBe(true);
});

test("no challenge of Meta's is taken for our own", () => {
  expect(isOwnChallenge('482915370')).toBe(false);
  expect(isOwnChallenge('7700')).toBe(false);
  expect(newOwnChallenge()).not.toBe(newOwnChallenge());
});

test('a redirect tells where it leads, without the query that holds the verify token', async () => {
  const probe = await probeOf((_challenge, response) =>
    response.writeHead(307, { location: 'https://elsewhere.example/x?hub.verify_token=the%20token' }).end(),
  );
  expect(probe).toEqual({ result: 'redirect', status: 307, location: 'https://elsewhere.example/x' });
});

test.each([
  [404, 'text/html', 'no tunnel here'],
  [200, 'text/plain', ' <!DOCTYPE html><html></html>'],
])('a page with the status %s is HTML', async (status, type, body) => {
  const probe = await probeOf((_challenge, response) =>
    response.writeHead(status, { 'content-type': type }).end(body),
  );
  expect(probe).toEqual({ result: 'html', status });
});

test.each([
  ['quotes', 200, (challenge: string) => JSON.stringify(challenge)],
  ['line breaks', 200, (challenge: string) => `${challenge}\n`],
  ['not the challenge', 200, () => 'ok'],
  ['another verify token', 403, () => '{}'],
  ['no webhook', 404, () => '{}'],
  ['not connected', 503, () => '{}'],
  ['500', 500, () => '{}'],
])('a wrong answer is told: %s', async (words, status, body) => {
  const probe = await probeOf((challenge, response) => response.writeHead(status).end(body(challenge)));
  expect(probe).toMatchObject({ result: 'wrong_answer', status, why: expect.stringContaining(words) });
});

test('who does not answer in time is unreachable', async () => {
  const probe = await probeOf(() => {}, 100);
  expect(probe).toMatchObject({ result: 'unreachable', cause: 'timeout' });
});

test('an address without a certificate, without a listener and without a name are told apart', async () => {
  await probeOf((challenge, response) => response.end(challenge));
  const plain = callbackUrlAt(server?.url ?? '');
  const overTls = await probeCallback(plain.replace('http:', 'https:'), 'the token', 5_000);
  expect(overTls).toMatchObject({ result: 'unreachable', cause: 'tls' });
  await server?.stop();
  const stopped = await probeCallback(plain, 'the token', 5_000);
  expect(stopped).toMatchObject({ result: 'unreachable', cause: 'connection' });
  const unknown = await probeCallback('https://nobody.invalid/api/webhook', 'the token', 5_000);
  expect(unknown).toMatchObject({ result: 'unreachable', cause: 'dns' });
});

test.each([
  ['https://a.example', 'https://a.example/api/webhook'],
  ['https://a.example/', 'https://a.example/api/webhook'],
  ['https://a.example/api/webhook', 'https://a.example/api/webhook'],
  ['https://a.example/gateway', 'https://a.example/gateway/api/webhook'],
])('the callback URL at %s', (publicUrl, callbackUrl) => {
  expect(callbackUrlAt(publicUrl)).toBe(callbackUrl);
});
