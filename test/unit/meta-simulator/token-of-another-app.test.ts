import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it, test } from 'vitest';
import type { Login } from '../../../infra/meta-simulator/graph-errors.ts';
import type { Readings } from '../../../infra/meta-simulator/readings.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accessToken, call, startTestMeta } from './simulated-meta.ts';

const ada = '123456789';
const toAda = { recipient: { id: ada }, message: { text: 'Hello' } };
const logins: readonly Login[] = ['facebook', 'instagram'];

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

/** The webhook is one app's, and the token was won by another. */
async function puzzled(
  login: Login = 'facebook',
  readings: Partial<Readings> = {},
): Promise<{ meta: Meta; callback: CallbackServer; otherId: string }> {
  const callback = await startCallbackServer();
  const meta = await startTestMeta({ login, callbackUrl: callback.url, readings });
  cleanups.push(
    () => meta.stop(),
    () => callback.close(),
  );
  const { state } = meta.world;
  state.set({ tokenAppId: state.otherApp.id });
  return { meta, callback, otherId: state.otherApp.id };
}

const proofBy = (secret: string) => createHmac('sha256', secret).update(accessToken).digest('hex');

function debug({ url, world }: Meta, app: { readonly id: string; readonly secret: string }) {
  const path = `/debug_token?input_token=${world.account.accessToken}`;
  return call({ url }, path, undefined, { authorization: `Bearer ${app.id}|${app.secret}` });
}

describe.each(logins)('with a token of another app, under %s login', (login) => {
  test('what customers write is delivered, and can be read', async () => {
    const { meta, callback } = await puzzled(login);
    meta.customers.write(ada, { text: 'Do you ship to Oslo?' });
    expect((await callback.next()).body.toString()).toContain('Do you ship to Oslo?');
    const { body } = await call(meta, '/me/conversations?platform=instagram');
    expect(body.data).toHaveLength(1);
  });

  test.each([
    [2534037, { code: 100, error_subcode: 2534037 }],
    [2534014, { code: 100, error_subcode: 2534014 }],
    [2018300, { code: 2018300 }],
  ] as const)('a send is refused by %i, and so is an action', async (notOwner, error) => {
    const { meta } = await puzzled(login, { notOwner });
    expect((await call(meta, '/me/messages', toAda)).body).toMatchObject({ error });
    const typing = { recipient: { id: ada }, sender_action: 'typing_on' };
    expect((await call(meta, '/me/messages', typing)).body).toMatchObject({ error });
  });

  test('only the other app can prove it', async () => {
    const { meta } = await puzzled(login);
    const { state } = meta.world;
    const asked = (secret: string) => call(meta, `/me?appsecret_proof=${proofBy(secret)}`);
    for (const secret of new Set([state.metaApp.secret, state.client.secret])) {
      expect((await asked(secret)).body).toMatchObject({ error: { code: 100 } });
    }
    expect((await asked(state.otherApp.secret)).status).toBe(200);
  });

  test('the subscription is the other app’s, and ending it does not end deliveries', async () => {
    const { meta, callback, otherId } = await puzzled(login);
    const { body } = await call(meta, '/me/subscribed_apps');
    expect(body.data).toEqual([expect.objectContaining({ id: otherId })]);
    const ended = await fetch(`${meta.url}/me/subscribed_apps`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(ended.status).toBe(200);
    expect((await call(meta, '/me/subscribed_apps')).body).toEqual({ data: [] });
    meta.customers.write(ada, { text: 'Still here?' });
    expect((await callback.next()).body.toString()).toContain('Still here?');
  });
});

describe('debug_token', () => {
  it('is refused to the webhook’s app, and tells the other one', async () => {
    const { meta, otherId } = await puzzled();
    const { metaApp, otherApp } = meta.world.state;
    expect((await debug(meta, metaApp)).body).toMatchObject({
      error: { code: 100, message: expect.stringContaining('did not match the Viewing App') },
    });
    expect((await debug(meta, otherApp)).body).toMatchObject({ data: { app_id: otherId, is_valid: true } });
  });

  it('is refused to an app of which nothing is known', async () => {
    const { meta } = await puzzled();
    meta.world.state.set({ tokenAppId: '777' });
    const { body } = await debug(meta, { id: '777', secret: 'secret' });
    expect(body).toMatchObject({ error: { code: 190 } });
  });

  it('is refused to the other app while the token is not its own', async () => {
    const { meta } = await puzzled();
    meta.world.state.set({ tokenAppId: undefined });
    expect((await debug(meta, meta.world.state.otherApp)).body).toMatchObject({ error: { code: 100 } });
  });
});

it('cannot be exchanged with the webhook’s app', async () => {
  const { meta } = await puzzled();
  const { tokens, client } = meta.world.state;
  const { value } = tokens.issueShortLived('user');
  const path = `/oauth/access_token?grant_type=fb_exchange_token&client_id=${client.id}&client_secret=${client.secret}&fb_exchange_token=${value}`;
  expect((await call(meta, path, undefined, {})).body).toMatchObject({ error: { code: 190 } });
});

it('a thread that the other app holds can be answered with its token alone', async () => {
  const { meta, otherId } = await puzzled();
  meta.world.state.threads.passTo(ada, otherId);
  expect((await call(meta, '/me/messages', toAda)).status).toBe(200);
  meta.world.state.set({ tokenAppId: undefined });
  expect((await call(meta, '/me/messages', toAda)).body).toMatchObject({ error: { code: 100 } });
});

it('a login to the webhook’s app solves it', async () => {
  const { meta } = await puzzled();
  const { tokens, client } = meta.world.state;
  const path = `/oauth/access_token?client_id=${client.id}&client_secret=${client.secret}&code=${tokens.issueCode()}`;
  const { body } = await call(meta, path, undefined, {});
  const asUser = { authorization: `Bearer ${String(body.access_token)}` };
  const pages = await call(meta, '/me/accounts?fields=access_token', undefined, asUser);
  const ofPage = /"access_token":"(\w+)"/.exec(JSON.stringify(pages.body))?.[1] ?? '';
  expect(ofPage).not.toBe(accessToken);
  const sent = await call(meta, '/me/messages', JSON.stringify(toAda), { authorization: `Bearer ${ofPage}` });
  expect(sent.status).toBe(200);
});
