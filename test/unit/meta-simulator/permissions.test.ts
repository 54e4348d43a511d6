import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Login } from '../../../infra/meta-simulator/graph-errors.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { appSecret, call, startTestMeta } from './simulated-meta.ts';

const granted = z.object({ access_token: z.string() });
const pages = z.object({ data: z.tuple([granted]) });

let meta: Meta | undefined;
afterEach(() => meta?.stop());

async function started(login: Login): Promise<Meta> {
  meta = await startTestMeta({ login });
  return meta;
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

describe('a token made from another has its permissions', () => {
  const scopes = ['pages_show_list', 'instagram_basic'];

  it('a long-lived User token, and the Page token made from it', async () => {
    const { world, url } = await started('facebook');
    const { tokens, appId } = world.state;
    const short = tokens.issueShortLived('user', { scopes });
    const exchange = `/oauth/access_token?grant_type=fb_exchange_token&client_id=${appId}&client_secret=${appSecret}&fb_exchange_token=${short.value}`;
    const { access_token: long } = granted.parse((await call({ url }, exchange, undefined, {})).body);
    expect(tokens.find(long)).toMatchObject({ kind: 'user', isLongLived: true, scopes });

    const listed = await call({ url }, '/me/accounts?fields=access_token', undefined, bearer(short.value));
    const [{ access_token: ofPage }] = pages.parse(listed.body).data;
    expect(tokens.find(ofPage)).toMatchObject({ kind: 'page', expiresAtMs: short.expiresAtMs, scopes });
  });

  it('a long-lived Instagram token', async () => {
    const { world, url } = await started('instagram');
    const { tokens, client } = world.state;
    const { value } = tokens.issueShortLived('instagram', { scopes: ['instagram_business_basic'] });
    const exchange = `/access_token?grant_type=ig_exchange_token&client_secret=${client.secret}`;
    const { access_token: long } = granted.parse(
      (await call({ url }, exchange, undefined, bearer(value))).body,
    );
    expect(tokens.find(long)).toMatchObject({ isLongLived: true, scopes: ['instagram_business_basic'] });
  });
});

it('a permission that was taken back can be granted again', async () => {
  const { world, url } = await started('facebook');
  world.state.set({ missingPermissions: ['pages_manage_metadata'] });
  expect((await call({ url }, '/me/subscribed_apps')).body).toMatchObject({
    error: { code: 200, message: expect.stringContaining('pages_manage_metadata') },
  });
  world.state.set({ missingPermissions: [] });
  expect((await call({ url }, '/me/subscribed_apps')).status).toBe(200);
});
