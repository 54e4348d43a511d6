import { afterEach, describe, expect, it, test } from 'vitest';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import type { Login } from '../../../infra/meta-simulator/graph-errors.ts';
import type { Meta, StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { accountId, call, startTestMeta } from './simulated-meta.ts';

const startMs = Date.UTC(2026, 0, 15, 12);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function started(options: Partial<StartMetaOptions> = {}): Promise<Meta> {
  const meta = await startTestMeta(options);
  cleanups.push(() => meta.stop());
  return meta;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function control({ url }: Meta, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}/simulator/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const bearer = (value: unknown) => ({ authorization: `Bearer ${String(value)}` });

describe('POST tokens', () => {
  it.each([
    ['facebook', 'user', 'short', 3_600_000],
    ['facebook', 'user', 'long', 5_183_944_000],
    ['facebook', 'page', 'short', 3_600_000],
    ['facebook', 'page', 'long', null],
    ['instagram', 'instagram', 'short', 3_600_000],
    ['instagram', 'instagram', 'long', 5_183_944_000],
  ] as const)('%s login: a %s token, %s-lived', async (login: Login, kind, life, livesMs) => {
    const meta = await started({ login, clock: createClock({ startMs }) });
    const { status, body } = await control(meta, 'POST', 'tokens', { kind, life });
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind, life, expiresAtMs: livesMs === null ? null : startMs + livesMs });
    expect((await call(meta, '/me', undefined, bearer(body.value))).status).toBe(200);
  });

  it('with what it may do, and of whose app it is', async () => {
    const meta = await started();
    const asked = { kind: 'page', life: 'long', scopes: ['pages_messaging'], appId: '42' };
    const { body } = await control(meta, 'POST', 'tokens', asked);
    expect(meta.world.state.tokens.find(String(body.value))).toMatchObject({
      scopes: ['pages_messaging'],
      appId: '42',
    });
  });

  it.each([
    ['facebook', 'instagram'],
    ['instagram', 'user'],
    ['instagram', 'page'],
  ] as const)('%s login has no %s token', async (login, kind) => {
    const meta = await started({ login });
    const { status, body } = await control(meta, 'POST', 'tokens', { kind, life: 'long' });
    expect(status).toBe(400);
    expect(body.error).toContain(`no ${kind} token`);
  });
});

describe('a thread', () => {
  const ada = '123456789';
  const toAda = { recipient: { id: ada }, message: { text: 'Hello' } };

  it('is given to another app, and back to none', async () => {
    const meta = await started();
    const given = { customerId: ada, ownerAppId: '42' };
    expect((await control(meta, 'PUT', 'threads', given)).body).toEqual(given);
    expect((await call(meta, '/me/messages', toAda)).body).toMatchObject({
      error: { code: 100, error_subcode: 2534037 },
    });
    await control(meta, 'PUT', 'threads', { customerId: ada, ownerAppId: null });
    expect((await call(meta, '/me/messages', toAda)).status).toBe(200);
  });

  it('tells whether it may be answered once there is a default app', async () => {
    const clock = createClock({ startMs });
    const meta = await started({ clock });
    const owned = async () => {
      // Two calls a second are the limit.
      await clock.advance(1000);
      const { body } = await call(meta, '/me/conversations?platform=instagram&fields=is_owner');
      return body.data;
    };
    expect(await owned()).toEqual([{ id: expect.any(String) }]);
    await control(meta, 'PUT', 'switches', { defaultAppId: '42' });
    expect(await owned()).toMatchObject([{ is_owner: false }]);
    await control(meta, 'PUT', 'switches', { defaultAppId: meta.world.state.appId });
    expect(await owned()).toMatchObject([{ is_owner: true }]);
    await control(meta, 'PUT', 'threads', { customerId: ada, ownerAppId: '42' });
    expect(await owned()).toMatchObject([{ is_owner: false }]);
  });

  it('of somebody who never wrote is none', async () => {
    const meta = await started();
    const { status } = await control(meta, 'PUT', 'threads', { customerId: '1', ownerAppId: '42' });
    expect(status).toBe(400);
  });
});

it.each([
  ['accountType', 'PERSONAL'],
  ['peopleWithRoles', ['123456789']],
  ['grantedPermissions', ['instagram_manage_comments']],
])('PUT switches takes %s', async (name, value) => {
  const meta = await started();
  expect((await control(meta, 'PUT', 'switches', { [name]: value })).body).toMatchObject({ [name]: value });
  expect((await control(meta, 'GET', 'switches')).body).toMatchObject({ [name]: value });
});

test('what is not set is null', async () => {
  const meta = await started();
  const { state } = meta.world;
  await control(meta, 'PUT', 'switches', { tokenAppId: '42', missingPermissions: ['pages_show_list'] });
  expect(state.switches).toMatchObject({ tokenAppId: '42', missingPermissions: ['pages_show_list'] });
  await control(meta, 'PUT', 'switches', { tokenAppId: null });
  expect(state.switches).toMatchObject({ tokenAppId: undefined, missingPermissions: ['pages_show_list'] });
  expect((await call(meta, `/${accountId}?fields=id`)).status).toBe(200);
});
