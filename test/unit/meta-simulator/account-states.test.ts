import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccountSwitches } from '../../../infra/meta-simulator/account-state.ts';
import type { Login } from '../../../infra/meta-simulator/graph-errors.ts';
import type { Meta, StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { appSecret, call, startTestMeta } from './simulated-meta.ts';

const ada = '123456789';
const toAda = { recipient: { id: ada }, message: { text: 'Hello' } };
const logins: readonly Login[] = ['facebook', 'instagram'];

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function started(
  options: Partial<StartMetaOptions> = {},
  switches: Partial<AccountSwitches> = {},
): Promise<{ meta: Meta; callback: CallbackServer }> {
  const callback = await startCallbackServer();
  const meta = await startTestMeta({ callbackUrl: callback.url, ...options });
  cleanups.push(
    () => meta.stop(),
    () => callback.close(),
  );
  meta.world.state.set(switches);
  return { meta, callback };
}

async function delivered({ meta, callback }: { meta: Meta; callback: CallbackServer }): Promise<number> {
  meta.customers.write(ada, { text: 'Hi' });
  await meta.deliveries.settled();
  return callback.bodies().length;
}

describe.each(logins)('under %s login', (login) => {
  it.each<[string, Partial<AccountSwitches>, number]>([
    ['an app in development mode', { live: false }, 0],
    ['a personal account', { accountType: 'PERSONAL' }, 0],
    ['a creator account', { accountType: 'MEDIA_CREATOR' }, 1],
    ['Standard Access', { standardAccess: true }, 0],
    ['Standard Access, from a tester', { standardAccess: true, peopleWithRoles: [ada] }, 1],
  ])('%s: %o, deliveries: %i', async (_, switches, deliveries) => {
    const stage = await started({ login }, switches);
    expect(await delivered(stage)).toBe(deliveries);
    const { status } = await call(stage.meta, '/me/messages', toAda);
    expect(status).toBe(deliveries === 0 ? 400 : 200);
  });

  it('development mode is not told by any call but a send', async () => {
    const { meta } = await started({ login }, { live: false });
    expect((await call(meta, '/me')).status).toBe(200);
    expect((await call(meta, '/me/subscribed_apps')).body.data).toHaveLength(1);
    expect((await call(meta, '/me/messages', toAda)).body).toMatchObject({
      error: { code: 200, error_subcode: 2018028 },
    });
  });

  it('an account to which nobody has written', async () => {
    const { meta, callback } = await started({ login, isEmpty: true });
    await meta.greet();
    expect(callback.bodies()).toEqual([]);
    const list = () => call(meta, '/me/conversations?platform=instagram');
    expect((await list()).body).toEqual({ data: [] });
    expect(await delivered({ meta, callback })).toBe(1);
    expect((await list()).body.data).toHaveLength(1);
  });
});

describe('the two pairs of an app', () => {
  const app = { secret: appSecret, instagramSecret: 'instagram_secret', verifyToken: 'right' };

  it.each([
    ['instagram_secret', 'client'],
    ['facebook_secret', 'metaApp'],
  ] as const)(
    'deliveries signed with the %s are those of state.%s',
    async (instagramLoginSignedWith, pair) => {
      const { meta, callback } = await started({
        login: 'instagram',
        app,
        readings: { instagramLoginSignedWith },
      });
      await delivered({ meta, callback });
      const { body, headers } = await callback.next();
      const { secret } = meta.world.state[pair];
      const digest = createHmac('sha256', secret).update(body).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    },
  );

  it('differ under Instagram login, and are one under Facebook login', async () => {
    const { state } = (await started({ login: 'instagram', app })).meta.world;
    expect(state.client).toEqual({ id: '333000000000001', secret: 'instagram_secret' });
    expect(state.metaApp).toEqual({ id: '111000000000001', secret: appSecret });
    const facebook = (await started()).meta.world.state;
    expect(facebook.client).toEqual(facebook.metaApp);
  });
});

describe('skewed_date', () => {
  it.each([
    [{ probability: 1, value: 3_600_000 }, 3_600_000],
    [{ probability: 1, value: -3_600_000 }, -3_600_000],
    [{ probability: 1 }, 600_000],
    [{ probability: 0 }, 0],
  ])('%o: the Date of an answer is off by %i ms', async (skewed_date, offMs) => {
    const { meta } = await started({ faults: { skewed_date } });
    for (const path of ['/me', '/nobody']) {
      const { headers } = await call(meta, path);
      const skewMs = Date.parse(headers.get('date') ?? '') - Date.now();
      expect(Math.abs(skewMs - offMs)).toBeLessThan(60_000);
    }
  });

  it('leaves the control API alone', async () => {
    const { meta } = await started({ faults: { skewed_date: { probability: 1, value: 3_600_000 } } });
    const { headers } = await fetch(`${meta.url}/simulator/state`);
    expect(Date.parse(headers.get('date') ?? '') - Date.now()).toBeLessThan(60_000);
  });
});
