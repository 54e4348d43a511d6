import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { appSecret, call, startTestMeta, written } from './simulated-meta.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/webhooks');
const toAda = { recipient: { id: '123456789' }, message: { text: 'Hello' } };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function started(statuses: number[] = []): Promise<{ meta: Meta; callback: CallbackServer }> {
  const callback = await startCallbackServer(...statuses);
  const meta = await startTestMeta({ callbackUrl: callback.url });
  cleanups.push(
    () => meta.stop(),
    () => callback.close(),
  );
  return { meta, callback };
}

describe('deliver', () => {
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.json')))(
    'posts %s, signed',
    async (name) => {
      const { meta, callback } = await started();
      const payload: unknown = JSON.parse(readFileSync(join(fixtures, name), 'utf8'));
      expect(await meta.deliver(payload)).toEqual({ status: 200 });
      const { body, headers } = await callback.next();
      expect(JSON.parse(body.toString('utf8'))).toEqual(payload);
      expect(body.every((byte) => byte < 0x80)).toBe(true);
      const digest = createHmac('sha256', appSecret).update(body).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    },
  );

  it.each([
    ['in the messaging envelope', 'message-text.json', '1234567890123456'],
    ['as the dashboard tests', 'envelope-changes-dashboard-test.json', '12334'],
    ['bare', 'envelope-bare-change.json', '12334'],
    ['inside an array', 'envelope-array-wrapped.json', '1234567890123456'],
    ['in standby', 'envelope-standby.json', '1234567890123456'],
  ])('keeps a message %s, so that its sender is known', async (_, name, customerId) => {
    const { meta } = await started();
    const path = `/v25.0/${customerId}?fields=username`;
    expect((await call(meta, path)).status).toBe(400);
    await meta.deliver(JSON.parse(readFileSync(join(fixtures, name), 'utf8')));
    expect((await call(meta, path)).body).toEqual({ id: customerId, username: `customer_${customerId}` });
  });

  it('keeps a message delivered twice once', async () => {
    const { meta } = await started();
    await meta.deliver(written('77', 'm_1', 'hello'));
    await meta.deliver(written('77', 'm_1', 'hello'));
    const { body } = await call(
      meta,
      '/me/conversations?platform=instagram&user_id=77&fields=messages{message}',
    );
    expect(body).toMatchObject({ data: [{ messages: { data: [{ id: 'm_1', message: 'hello' }] } }] });
  });

  it('tells the status of a refusal', async () => {
    const { meta } = await started([401]);
    expect(await meta.deliver(written('77', 'm_1', 'hello'))).toEqual({ status: 401 });
  });

  it('rejects without a callback URL, and goes to a new one', async () => {
    const meta = await startTestMeta();
    cleanups.push(() => meta.stop());
    await expect(meta.deliver({})).rejects.toThrow('no callback URL');
    const callback = await startCallbackServer();
    cleanups.push(() => callback.close());
    meta.setCallbackUrl(callback.url);
    expect(await meta.deliver({})).toEqual({ status: 200 });
  });
});

describe('the echo', () => {
  it('comes again when it was refused', async () => {
    const { meta, callback } = await started([503]);
    await call(meta, '/me/messages', toAda);
    const [refused, taken] = [await callback.next(), await callback.next()];
    expect(taken.body).toEqual(refused.body);
  });

  it('does not keep a stopped simulator running', async () => {
    const meta = await startTestMeta({ callbackUrl: 'http://127.0.0.1:1/api/webhook' });
    expect((await call(meta, '/me/messages', toAda)).status).toBe(200);
    await meta.stop();
    await expect(fetch(meta.url)).rejects.toThrow('fetch failed');
  });
});

describe('verifyCallback', () => {
  it('is true for a webhook that knows the verify token', async () => {
    const { meta } = await started();
    expect(await meta.verifyCallback()).toBe(true);
  });

  it('is false for one that does not', async () => {
    const callback = await startCallbackServer();
    const app = { secret: appSecret, verifyToken: 'wrong' };
    const meta = await startTestMeta({ callbackUrl: callback.url, app });
    cleanups.push(
      () => meta.stop(),
      () => callback.close(),
    );
    expect(await meta.verifyCallback()).toBe(false);
  });
});

it('listens on 127.0.0.1, and says when the port is taken', async () => {
  const meta = await startTestMeta();
  cleanups.push(() => meta.stop());
  const { hostname, port } = new URL(meta.url);
  expect(hostname).toBe('127.0.0.1');
  await expect(startTestMeta({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
