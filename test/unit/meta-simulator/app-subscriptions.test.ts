import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Meta, StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accountId, appSecret, call, type GraphAnswer, startTestMeta } from './simulated-meta.ts';

const ada = '123456789';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function withCallback(): Promise<CallbackServer> {
  const callback = await startCallbackServer();
  cleanups.push(() => callback.close());
  return callback;
}

async function started(options: Partial<StartMetaOptions> = {}): Promise<Meta> {
  const meta = await startTestMeta(options);
  cleanups.push(() => meta.stop());
  return meta;
}

const asApp = ({ world }: Meta) => ({ authorization: `Bearer ${world.state.appId}|${appSecret}` });

function subscribe(meta: Meta, change: Record<string, unknown>): Promise<GraphAnswer> {
  const body = { object: 'instagram', fields: 'messages', verify_token: 'right', ...change };
  return call(meta, `/${meta.world.state.appId}/subscriptions`, JSON.stringify(body), asApp(meta));
}

async function write(meta: Meta, text = 'hello'): Promise<void> {
  meta.customers.write(ada, { text });
  await meta.deliveries.settled();
}

async function control({ url }: Meta, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/simulator/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('POST /{app-id}/subscriptions', () => {
  it('makes the handshake, and delivers to the new address from then on', async () => {
    const [before, after] = [await withCallback(), await withCallback()];
    const meta = await started({ callbackUrl: before.url });
    expect(await subscribe(meta, { callback_url: after.url })).toMatchObject({ body: { success: true } });
    await write(meta);
    expect(before.bodies()).toEqual([]);
    expect(after.bodies()).toHaveLength(1);
    const { body } = await call(meta, '/app/subscriptions', undefined, asApp(meta));
    expect(body.data).toMatchObject([{ callback_url: after.url, fields: [{ name: 'messages' }] }]);
  });

  it('keeps the old address when the verify token is not the receiver’s', async () => {
    const callback = await withCallback();
    const meta = await started({ callbackUrl: callback.url });
    const refused = await subscribe(meta, { callback_url: `${callback.url}?new`, verify_token: 'wrong' });
    expect(refused.body).toMatchObject({
      error: { code: 2200, message: expect.stringContaining('It answered 403') },
    });
    expect(meta.world.subscriptions.of('instagram')).toMatchObject({
      callbackUrl: callback.url,
      verifyToken: 'right',
    });
  });

  it('records no verify token among the calls', async () => {
    const callback = await withCallback();
    const meta = await started();
    await subscribe(meta, { callback_url: callback.url });
    expect(JSON.stringify(meta.calls)).not.toContain('right');
    expect(JSON.stringify(await control(meta, 'GET', 'app-subscriptions'))).not.toContain('right');
  });

  it('can leave the values out', async () => {
    const callback = await withCallback();
    const meta = await started();
    await subscribe(meta, { callback_url: callback.url, include_values: false });
    await write(meta);
    expect(JSON.parse(callback.bodies()[0] ?? '').entry).toMatchObject([{ changed_fields: ['messages'] }]);
  });
});

describe('a field that is not ticked for the app', () => {
  it('is not delivered, whatever the account subscribed', async () => {
    const callback = await withCallback();
    const meta = await started({ callbackUrl: callback.url, appFields: ['messaging_seen'] });
    await call(meta, '/me/subscribed_apps', { subscribed_fields: ['messages'] });
    await write(meta);
    expect(callback.bodies()).toEqual([]);
    await control(meta, 'PUT', 'app-subscriptions', { object: 'instagram', fields: ['messages'] });
    await write(meta);
    expect(callback.bodies()).toHaveLength(1);
  });

  it('nor is anything while the subscription is not active', async () => {
    const callback = await withCallback();
    const meta = await started({ callbackUrl: callback.url });
    await control(meta, 'PUT', 'app-subscriptions', { object: 'instagram', active: false });
    await write(meta);
    expect(callback.bodies()).toEqual([]);
  });
});

describe('the object page in place of instagram', () => {
  async function onPage(options: Partial<StartMetaOptions> = {}) {
    const callback = await withCallback();
    const meta = await started({ callbackUrl: callback.url, ...options });
    await control(meta, 'DELETE', 'app-subscriptions?object=instagram');
    const page = { object: 'page', callbackUrl: callback.url };
    const { body } = await control(meta, 'PUT', 'app-subscriptions', page);
    expect(body.objects).toEqual([
      { ...page, fields: ['messages', 'messaging_postbacks'], active: true, includeValues: true },
    ]);
    return { meta, callback };
  }

  it('brings the Page’s Messenger messages, and none of Instagram’s', async () => {
    const { meta, callback } = await onPage();
    await write(meta, 'on Instagram');
    expect((await control(meta, 'POST', 'messenger', { text: 'on Messenger' })).body).toEqual({
      isTold: true,
    });
    await meta.deliveries.settled();
    const { pageId } = meta.world.state;
    expect(callback.bodies().map((body) => JSON.parse(body))).toEqual([
      {
        object: 'page',
        entry: [
          {
            id: pageId,
            time: expect.any(Number),
            messaging: [
              {
                sender: { id: expect.not.stringMatching(ada) },
                recipient: { id: pageId },
                timestamp: expect.any(Number),
                message: { mid: expect.stringMatching(/^m_/), text: 'on Messenger' },
              },
            ],
          },
        ],
      },
    ]);
    expect(callback.bodies()[0]).not.toContain(accountId);
  });

  it('is signed with the Meta app’s secret, under Instagram login too', async () => {
    const app = { secret: appSecret, instagramSecret: 'instagram_secret', verifyToken: 'right' };
    const { meta, callback } = await onPage({ login: 'instagram', app });
    meta.messenger.write('on Messenger');
    const { body, headers } = await callback.next();
    const digest = createHmac('sha256', appSecret).update(body).digest('hex');
    expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
  });

  it('is tried again until it is taken', async () => {
    const { meta, callback } = await onPage();
    callback.answerNext(503);
    meta.messenger.write('on Messenger');
    const [refused, taken] = [await callback.next(), await callback.next()];
    expect(taken.body).toEqual(refused.body);
  });

  it('and without it nobody is told what is written on Messenger', async () => {
    const callback = await withCallback();
    const meta = await started({ callbackUrl: callback.url });
    expect(meta.messenger.write('on Messenger')).toEqual({ isTold: false });
    await meta.deliveries.settled();
    expect(callback.bodies()).toEqual([]);
  });
});

describe('PUT callback', () => {
  it('makes the handshake with another verify token, and keeps it when it passes', async () => {
    const callback = await withCallback();
    const meta = await started();
    const refused = await control(meta, 'PUT', 'callback', { url: callback.url, verifyToken: 'wrong' });
    expect(refused.body).toMatchObject({ ok: false, failed: 'status' });
    expect((await control(meta, 'GET', 'callback')).body).toEqual({ url: null });
    const taken = await control(meta, 'PUT', 'callback', { url: callback.url, verifyToken: 'right' });
    expect(taken.body).toEqual({ ok: true });
    expect(await meta.verifyCallback()).toBe(true);
  });
});
