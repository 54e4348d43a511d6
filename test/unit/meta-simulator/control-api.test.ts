import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { createClock, type MovableClock } from '../../../infra/meta-simulator/clock.ts';
import type { ExamplePayload, ShownState } from '../../../infra/meta-simulator/page/wire.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { call, startTestMeta } from './simulated-meta.ts';

const ada = '123456789';
const startMs = Date.UTC(2026, 0, 15, 12);

let meta: Meta;
let webhook: CallbackServer;
let clock: MovableClock;

beforeEach(async () => {
  webhook = await startCallbackServer();
  clock = createClock({ startMs });
  meta = await startTestMeta({ callbackUrl: webhook.url, clock, seed: 'control' });
  return async () => {
    await meta.stop();
    await webhook.close();
  };
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function control(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${meta.url}/simulator/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const state = async () => (await control('GET', 'state')).body as unknown as ShownState;
const nextBody = async () => JSON.parse((await webhook.next()).body.toString()) as Record<string, unknown>;

describe('who may call', () => {
  async function statusFor(headers: Record<string, string>, path = '/simulator/state'): Promise<number> {
    const { port } = new URL(meta.url);
    const asked = request({ host: '127.0.0.1', port, path, headers });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode ?? 0;
  }

  test.each([
    [{}, 200],
    [{ host: 'localhost:3001' }, 200],
    [{ host: '[::1]:3001', origin: 'http://[::1]:3001' }, 200],
    [{ host: '127.0.0.1:1', origin: 'http://127.0.0.1:1' }, 200],
    [{ host: 'rebound.example' }, 403],
    [{ host: '127.0.0.1.example:3001' }, 403],
    [{ host: '127.0.0.1:1', origin: 'https://shop.example' }, 403],
    [{ host: '127.0.0.1:1', origin: 'http://127.0.0.1:2' }, 403],
    [{ host: '127.0.0.1:1', origin: 'null' }, 403],
  ])('%o: %i', async (headers, status) => {
    expect(await statusFor(headers)).toBe(status);
    expect(await statusFor(headers, '/')).toBe(status);
  });

  test('Graph is reached by any name, as through a tunnel', async () => {
    expect(await statusFor({ host: 'graph.example' }, '/v25.0/me')).not.toBe(403);
  });

  test('nothing inline runs on the page', async () => {
    const { headers } = await fetch(meta.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });
});

describe('refusals', () => {
  test.each([
    ['POST', 'actions', { action: 'write' }, 400, 'customerId'],
    ['POST', 'actions', { action: 'dance' }, 400, 'action'],
    ['POST', 'actions', { action: 'write', customerId: '42', text: 'Hi' }, 400, 'no customer 42'],
    ['POST', 'actions', { action: 'edit', mid: 'm.unknown', text: 'Hi' }, 400, 'no message m.unknown'],
    ['POST', 'actions', '{"action":', 400, 'not valid JSON'],
    ['PUT', 'faults', { name: 'duplicate_delivery', probability: 2 }, 400, 'probability'],
    ['PUT', 'faults', { name: 'rain', probability: 1 }, 400, 'name'],
    ['PUT', 'faults', { name: 'slow_read', probability: 1, value: -1 }, 400, 'value'],
    ['PUT', 'app-subscriptions', { object: 'user' }, 400, 'object'],
    ['DELETE', 'app-subscriptions', undefined, 400, 'object='],
    ['PUT', 'switches', { accountType: 'FAMOUS' }, 400, 'accountType'],
    ['PUT', 'switches', { tokenAppId: 'mine' }, 400, 'an app id is digits'],
    ['POST', 'tokens', { kind: 'user' }, 400, 'life'],
    ['POST', 'clock', { advanceMs: -1 }, 400, 'advanceMs'],
    ['PUT', 'callback', { url: 'file:///etc/passwd' }, 400, 'url'],
    ['POST', 'deliveries/77/resend', undefined, 404, 'No delivery 77'],
    ['GET', 'nothing', undefined, 404, 'no GET /simulator/nothing'],
    ['GET', 'toString', undefined, 404, 'no GET /simulator/toString'],
  ])('%s %s %o: %i', async (method, path, body, status, part) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toContain(part);
  });

  test('another content type than JSON', async () => {
    const response = await fetch(`${meta.url}/simulator/actions`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(415);
  });
});

test('a message is held, delivered and shown', async () => {
  const { body } = await control('POST', 'actions', { action: 'write', customerId: ada, text: 'Hi' });
  expect((await state()).messages.at(-1)).toMatchObject({ id: body.mid, text: 'Hi', fromBusiness: false });
  expect(await nextBody()).toMatchObject({
    entry: [{ messaging: [{ sender: { id: ada }, message: { mid: body.mid, text: 'Hi' } }] }],
  });
  await meta.deliveries.settled();
  expect((await state()).deliveries).toMatchObject([{ kinds: ['message'], state: 'delivered', status: 200 }]);
});

test('a customer sees a message once, however often the page is opened', async () => {
  const sent = await call(meta, '/me/messages', { recipient: { id: ada }, message: { text: 'Yes' } });
  const seen = { action: 'see', customerId: ada, mid: sent.body.message_id };
  await control('POST', 'actions', seen);
  await control('POST', 'actions', seen);
  await meta.deliveries.settled();
  const kinds = (await state()).deliveries.flatMap((delivery) => delivery.kinds);
  expect(kinds.filter((kind) => kind === 'read')).toHaveLength(1);
});

test('the clock and the faults', async () => {
  expect((await control('POST', 'clock', { advanceMs: 60_000 })).body).toEqual({ nowMs: startMs + 60_000 });
  await control('PUT', 'faults', { name: 'delayed_delivery', probability: 1, value: 5000 });
  expect(meta.world.faults.all()).toEqual({ delayed_delivery: { probability: 1, value: 5000 } });
  const { faults } = await state();
  expect(faults.find(({ name }) => name === 'delayed_delivery')).toMatchObject({
    probability: 1,
    value: 5000,
  });
});

test('the switches', async () => {
  await control('PUT', 'switches', { messageAccess: false, tokenSubcode: 460 });
  expect(meta.world.state.switches).toMatchObject({ messageAccess: false, tokenSubcode: 460 });
  await control('PUT', 'switches', { tokenSubcode: null });
  expect(meta.world.state.switches).toMatchObject({ messageAccess: false, tokenSubcode: undefined });
});

test('a callback URL is taken when it passes the handshake', async () => {
  const url = `${webhook.url}?mine`;
  expect((await control('PUT', 'callback', { url })).body).toEqual({ ok: true });
  const refused = await control('PUT', 'callback', { url: 'http://127.0.0.1:9/' });
  expect(refused.body).toMatchObject({ ok: false, failed: 'unreachable' });
  expect((await control('GET', 'callback')).body).toEqual({ url });
});

test('every example is delivered, and has its own name', async () => {
  const { examples } = (await control('GET', 'examples')).body as { examples: readonly ExamplePayload[] };
  expect(new Set(examples.map(({ kind }) => kind)).size).toBe(examples.length);
  for (const { payload } of examples) {
    expect(await control('POST', 'deliveries', payload)).toEqual({ status: 200, body: { status: 200 } });
    expect(await nextBody()).toEqual(payload);
  }
});

test('changes are told as they happen', async () => {
  const response = await fetch(`${meta.url}/simulator/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let told = '';
  await control('POST', 'actions', { action: 'write', customerId: ada, text: 'Hi' });
  while (!told.includes('event: change')) told += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  expect(told).not.toContain('Hi');
});

describe('uploads', () => {
  const upload = (type: string, bytes: number) =>
    fetch(`${meta.url}/simulator/media`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(bytes),
    });

  test('are served until they expire by the clock', async () => {
    const { url, attachmentType } = (await (await upload('audio/webm', 3)).json()) as Record<string, string>;
    expect(attachmentType).toBe('audio');
    const held = await fetch(url ?? '');
    expect(held.headers.get('content-type')).toBe('audio/webm');
    expect(held.headers.get('x-content-type-options')).toBe('nosniff');
    await clock.advance(24 * 60 * 60 * 1000);
    expect((await fetch(url ?? '')).status).toBe(403);
  });

  test('expire at once when the fault strikes', async () => {
    const { url } = (await (await upload('image/png', 3)).json()) as Record<string, string>;
    meta.world.faults.set('media_expired', { probability: 1 });
    expect((await fetch(url ?? '')).status).toBe(403);
  });

  test.each([
    ['text/html', 3, 415],
    ['image/svg+xml', 3, 415],
    ['image/png', 0, 400],
    ['image/png', 8 * 1024 * 1024 + 1, 413],
    ['image/png', 8 * 1024 * 1024, 200],
    ['video/mp4', 25 * 1024 * 1024 + 1, 413],
  ])('%s of %i bytes: %i', async (type, bytes, status) => {
    expect((await upload(type, bytes)).status).toBe(status);
  });
});
