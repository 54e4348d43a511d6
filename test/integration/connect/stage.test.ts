import { expect, test } from 'vitest';
import { deploy } from './deployed.ts';
import { accountId, facebookFlags, metaApp, openShop, verifyToken } from './fixture.ts';

test('a deployed gateway gets the secrets, keeps its older app and verify token, and announces a message', async () => {
  const shop = await openShop();
  const { gateway, env, secret } = await deploy(shop);
  const token = shop.meta.world.state.tokens.issueShortLived('user').value;
  const running = shop.start([...facebookFlags(token), '--stage', 'test', '--wait', '60'], env);
  await expect.poll(running.output).toMatch(/Waiting for Meta's handshake/);
  expect(running.output()).toContain(
    `Callback URL   ${gateway.url}/api/webhook\n  Verify token   ${verifyToken}\n`,
  );
  expect(await secret('Webhook')).toEqual({
    apps: [
      { app_id: metaApp.id, app_secret: metaApp.secret },
      { app_id: '999000000000009', app_secret: 'OLDER-app-secret' },
    ],
    verify_token: verifyToken,
  });
  expect(await secret('Graph')).toEqual({
    access_token: shop.meta.world.account.accessToken,
    ig_user_id: accountId,
    login: 'facebook',
  });
  expect(shop.settings()).toBeUndefined();

  await shop.meta.verifyAndSave(`${gateway.url}/api/webhook`);
  await expect.poll(running.output).toMatch(/Waiting for it/);
  shop.meta.customers.write('123456789', { text: 'Hej' });
  const { code, stdout } = await running.ended;
  expect(stdout).toMatch(/The first message arrived. It is from @ada/);
  expect(code).toBe(0);

  const again = await shop.connect(['--stage', 'test'], env);
  expect(again.stdout).toMatch(/✓ Nothing has changed/);
  expect(again.code).toBe(0);
  expect(shop.settings()).toBeUndefined();
});

test('a token that stays keeps the times that refresh-token has stored with it, whatever else changes', async () => {
  const shop = await openShop();
  const { env, secret, setSecret } = await deploy(shop);
  const held = {
    access_token: shop.meta.world.account.accessToken,
    ig_user_id: accountId,
    login: 'facebook',
    refreshed_at: 1_760_000_000,
    token_expires_at: 1_765_184_000,
  };
  await setSecret('Graph', held);
  const token = shop.meta.world.state.tokens.issueShortLived('user').value;
  await shop.connect([...facebookFlags(token), '--stage', 'test', '--wait', '0'], env);
  expect(await secret('Webhook')).toMatchObject({ apps: [{ app_id: metaApp.id }, {}] });
  expect(await secret('Graph')).toEqual(held);
});

test('a stack that is not there', async () => {
  const shop = await openShop();
  const { env } = await deploy(shop);
  const { code, stderr } = await shop.connect(['--stage', 'other'], env);
  expect(code).toBe(1);
  expect(stderr).toMatch(/The stack InstagramMessageGateway-other cannot be read: .*npm run deploy/s);
});

test("this machine's stand-in for Meta does not judge a deployed gateway", async () => {
  const shop = await openShop();
  const { env } = await deploy(shop);
  shop.write('.env.local', 'GRAPH_API_BASE_URL=http://127.0.0.1:1\n');
  const { stderr } = await shop.connect(['--stage', 'test'], env);
  // It asked at the address of the environment, where the older app is not known.
  expect(stderr).toContain('app 999000000000009');
});
