import { describe, expect, test } from 'vitest';
import type { StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { accountId, instagramApp, instagramFlags, metaApp, openShop, type Shop } from './fixture.ts';

const messageFields = [
  'messages',
  'messaging_postbacks',
  'messaging_seen',
  'messaging_referral',
  'messaging_handover',
  'messaging_optins',
  'message_reactions',
  'message_edit',
  'message_echoes',
  'standby',
];

const open = (readings: StartMetaOptions['readings'] = {}) => openShop({ login: 'instagram', readings });
const shortLived = ({ meta }: Shop) => meta.world.state.tokens.issueShortLived('instagram').value;

describe('from a short-lived token', () => {
  test('a long-lived one is stored with user_id, and the account subscribed by field', async () => {
    const shop = await open();
    shop.meta.world.state.unsubscribe();
    const token = shortLived(shop);
    const { code, stdout, stderr } = await shop.connect(instagramFlags(token));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/✓ Account 17841400000000001 @shop/);
    expect(stdout).toMatch(/✓ The token is exchanged for a long-lived one, for 59 days/);
    expect(stdout).toMatch(/! Permissions are not checked: /);
    expect(stdout).toMatch(/✓ Subscribed, and read back: messages, /);

    const settings = shop.settings() ?? {};
    expect(settings).toEqual({
      INSTAGRAM_LOGIN: 'instagram',
      APP_ID: instagramApp.id,
      APP_SECRET: instagramApp.secret,
      PAGE_ACCESS_TOKEN: expect.not.stringContaining(token),
      IG_USER_ID: accountId,
      WEBHOOK_VERIFY_TOKEN: expect.any(String),
    });
    expect(shop.meta.world.state.tokens.find(settings.PAGE_ACCESS_TOKEN ?? '')).toMatchObject({
      kind: 'instagram',
      isLongLived: true,
    });
    expect(shop.meta.world.state.subscribedFields).toEqual(messageFields);
    for (const secret of [
      token,
      instagramApp.secret,
      settings.PAGE_ACCESS_TOKEN,
      settings.WEBHOOK_VERIFY_TOKEN,
    ]) {
      expect(stdout).not.toContain(secret);
    }
  });

  test('a second run changes nothing and says so', async () => {
    const shop = await open({ exchangeOfLongLivedToken: 'refused' });
    await shop.connect(instagramFlags(shortLived(shop)));
    const before = shop.settings();
    const subscribed = shop.meta.world.state.subscribedFields;
    const { code, stdout } = await shop.connect([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ The token is a long-lived one already/);
    expect(stdout).toMatch(/✓ Nothing has changed/);
    expect(shop.settings()).toEqual(before);
    expect(shop.meta.world.state.subscribedFields).toBe(subscribed);
  });
});

describe('a long-lived token', () => {
  test('is left alone where Meta tells how long it lasts', async () => {
    const shop = await open({ debugTokenOfInstagramLogin: 'accepted' });
    const token = shop.meta.world.account.accessToken;
    const pairs = [
      '--app-id',
      `${instagramApp.id},${metaApp.id}`,
      '--app-secret',
      `${instagramApp.secret},${metaApp.secret}`,
    ];
    const { code, stdout } = await shop.connect([...instagramFlags(token), ...pairs]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ Permissions: all that are needed/);
    expect(shop.meta.calls.map(({ path }) => path)).not.toContain('/access_token');
    expect(shop.settings()).toMatchObject({ PAGE_ACCESS_TOKEN: token, IG_USER_ID: accountId });
  });

  test('is left alone where Meta refuses its exchange', async () => {
    const shop = await open({ exchangeOfLongLivedToken: 'refused' });
    const token = shop.meta.world.account.accessToken;
    expect((await shop.connect(instagramFlags(token))).code).toBe(0);
    expect(shop.settings()?.PAGE_ACCESS_TOKEN).toBe(token);
  });

  test('is replaced where Meta exchanges it', async () => {
    const shop = await open({ exchangeOfLongLivedToken: 'accepted' });
    const token = shop.meta.world.account.accessToken;
    expect((await shop.connect(instagramFlags(token))).code).toBe(0);
    const stored = shop.settings()?.PAGE_ACCESS_TOKEN ?? '';
    expect(stored).not.toBe(token);
    expect(shop.meta.world.state.tokens.find(stored)).toMatchObject({ isLongLived: true });
  });
});

test('both pairs of the app are taken, in either order, and the one that won the token comes first', async () => {
  const shop = await open();
  const pairs = [
    '--app-id',
    `${metaApp.id},${instagramApp.id}`,
    '--app-secret',
    `${metaApp.secret},${instagramApp.secret}`,
  ];
  const { code, stdout } = await shop.connect([...instagramFlags(shortLived(shop)), ...pairs]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ App 111000000000001: id and secret belong together/);
  expect(shop.settings()).toMatchObject({
    APP_ID: `${instagramApp.id},${metaApp.id}`,
    APP_SECRET: `${instagramApp.secret},${metaApp.secret}`,
  });
});

test('comments are subscribed only with their permission', async () => {
  const shop = await open({ debugTokenOfInstagramLogin: 'accepted' });
  shop.meta.world.state.set({ grantedPermissions: ['instagram_business_manage_comments'] });
  const pairs = ['--app-id', metaApp.id, '--app-secret', metaApp.secret];
  const { code } = await shop.connect([...instagramFlags(shop.meta.world.account.accessToken), ...pairs]);
  expect(code).toBe(0);
  expect(shop.meta.world.state.subscribedFields).toEqual([...messageFields, 'comments', 'live_comments']);
});

test('a subscription whose fields Meta does not tell is made again, and that is no change', async () => {
  const shop = await open({ subscribedAppsShape: 'without_fields' });
  const { code, stdout } = await shop.connect(instagramFlags(shop.meta.world.account.accessToken));
  expect(code).toBe(0);
  expect(stdout).toMatch(/Meta does not tell the fields/);
  expect(shop.meta.world.state.subscribedFields).toEqual(messageFields);
});

test('a wrong app secret stops it before anything is written', async () => {
  const shop = await open();
  const { code, stderr } = await shop.connect([
    ...instagramFlags(shortLived(shop)),
    '--app-secret',
    'not-its-secret',
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/✗ The app secret is not the app's: app 333000000000001\. .*client secret/);
  expect(shop.settings()).toBeUndefined();
});

test('a missing permission stops it where Meta tells the permissions', async () => {
  const shop = await open({ debugTokenOfInstagramLogin: 'accepted' });
  shop.meta.world.state.set({ missingPermissions: ['instagram_business_manage_messages'] });
  const pairs = ['--app-id', metaApp.id, '--app-secret', metaApp.secret];
  const { code, stderr } = await shop.connect([
    ...instagramFlags(shop.meta.world.account.accessToken),
    ...pairs,
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/\n {2}instagram_business_manage_messages: .*\n.*API setup with Instagram login/);
  expect(shop.settings()).toBeUndefined();
});

test('a personal account is refused', async () => {
  const shop = await open();
  shop.meta.world.state.set({ accountType: 'PERSONAL' });
  const { code, stderr } = await shop.connect(instagramFlags(shortLived(shop)));
  expect(code).toBe(1);
  expect(stderr).toContain('not a professional one');
  expect(shop.settings()).toBeUndefined();
});

test("what is stored of Facebook login is not taken for Instagram login's", async () => {
  const shop = await open();
  shop.write('.env.local', 'PAGE_ACCESS_TOKEN=EAAP\nAPP_ID=111000000000001\nAPP_SECRET=of-the-page\n');
  const { code, stderr } = await shop.connect(['--login', 'instagram']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ Missing: --app-id, --app-secret, --token\./);
});
