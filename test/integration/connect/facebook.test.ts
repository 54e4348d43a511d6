import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerJson, startServer } from '../../builders/http-server.ts';
import { accountId, facebookFlags, metaApp, openShop, type Shop } from './fixture.ts';

const shortLived = ({ meta }: Shop, scopes?: readonly string[]) =>
  meta.world.state.tokens.issueShortLived('user', scopes ? { scopes } : {}).value;

describe('from a short-lived User token', () => {
  test('a Page token without an end is stored, the Page subscribed and read back', async () => {
    const shop = await openShop();
    shop.meta.world.state.unsubscribe();
    const token = shortLived(shop);
    const { code, stdout, stderr } = await shop.connect(facebookFlags(token));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/✓ The short-lived User token is exchanged/);
    expect(stdout).toMatch(/✓ Subscribed, and read back: the Page/);
    // No webhook is set up yet: that is the dashboard's step.
    expect(stdout.match(/^[✗!] .*\[\w+\]$/gm)).toEqual([
      '✗ The field messages is not subscribed [messages_field_missing]',
    ]);
    expect(stdout).toMatch(/npm run connect -- --public-url https:/);

    const settings = shop.settings();
    expect(settings).toEqual({
      INSTAGRAM_LOGIN: 'facebook',
      APP_ID: metaApp.id,
      APP_SECRET: metaApp.secret,
      PAGE_ACCESS_TOKEN: shop.meta.world.account.accessToken,
      IG_USER_ID: accountId,
      WEBHOOK_VERIFY_TOKEN: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(statSync(join(shop.folder, '.env.local')).mode & 0o777).toBe(0o600);
    expect(shop.meta.world.state.subscribedFields).toEqual(['feed']);
    const { PAGE_ACCESS_TOKEN, WEBHOOK_VERIFY_TOKEN } = settings ?? {};
    for (const secret of [token, metaApp.secret, PAGE_ACCESS_TOKEN, WEBHOOK_VERIFY_TOKEN]) {
      expect(stdout).not.toContain(secret);
    }
  });

  test('a second run changes nothing and says so', async () => {
    const shop = await openShop();
    shop.write('.env.local', '# ours\nPORT=4000 # free\n');
    await shop.connect(facebookFlags(shortLived(shop)));
    const before = shop.settings();
    const { code, stdout } = await shop.connect([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ Nothing has changed/);
    expect(shop.settings()).toEqual(before);
    expect(before).toMatchObject({ PORT: '4000' });
    expect(shop.meta.calls.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

test('a long-lived User token is left alone', async () => {
  const shop = await openShop();
  const { value } = shop.meta.world.state.tokens.issueLongLived('user');
  const { code } = await shop.connect(facebookFlags(value));
  expect(code).toBe(0);
  expect(shop.meta.calls.map(({ path }) => path)).not.toContain('/v25.0/oauth/access_token');
  expect(shop.settings()?.PAGE_ACCESS_TOKEN).toBe(shop.meta.world.account.accessToken);
});

test('a Page token that ends is taken, with the way to one that does not', async () => {
  const shop = await openShop();
  const { value } = shop.meta.world.state.tokens.issuePageToken({ expiresAtMs: Date.now() + 3_600_000 });
  const { code, stdout } = await shop.connect(facebookFlags(value));
  expect(stdout).toMatch(/! This Page token ends at .* User token/);
  expect(code).toBe(0);
  expect(shop.settings()?.PAGE_ACCESS_TOKEN).toBe(value);
});

test('an app that requires proof gets it with every call, and the gateway is told', async () => {
  const shop = await openShop();
  shop.meta.world.state.set({ requireProof: true });
  const { code, stderr } = await shop.connect(facebookFlags(shortLived(shop)));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(shop.settings()?.APPSECRET_PROOF).toBe('on');
});

describe('stops before anything is written', () => {
  const permissions = [
    'pages_show_list',
    'pages_messaging',
    'pages_read_engagement',
    'pages_manage_metadata',
    'instagram_basic',
    'instagram_manage_messages',
  ];

  async function refused(shop: Shop, flags: readonly string[]): Promise<string> {
    shop.meta.world.state.unsubscribe();
    const { code, stderr } = await shop.connect(flags);
    expect(code).toBe(1);
    expect(shop.settings()).toBeUndefined();
    expect(shop.meta.world.state.subscribedFields).toBeUndefined();
    expect(stderr).not.toMatch(/^\s+at /m);
    return stderr;
  }

  test.each(permissions)('for want of %s, which is named with its purpose', async (permission) => {
    const shop = await openShop();
    const scopes = permissions.filter((each) => each !== permission);
    const stderr = await refused(shop, facebookFlags(shortLived(shop, scopes)));
    expect(stderr).toMatch(new RegExp(`lacks a permission.*\n  ${permission}: .*\\.\n.*Graph API Explorer`));
  });

  test('for want of several', async () => {
    const shop = await openShop();
    const stderr = await refused(shop, facebookFlags(shortLived(shop, permissions.slice(0, 2))));
    expect(stderr).toContain('lacks 4 permissions');
  });

  test('when the Page has no Instagram account', async () => {
    const shop = await openShop();
    shop.meta.world.state.set({ pageLinked: false });
    expect(await refused(shop, facebookFlags(shortLived(shop)))).toMatch(
      /The Page is not linked to an Instagram account: 104000000000001/,
    );
  });

  test('when the app secret is wrong, without showing it', async () => {
    const shop = await openShop();
    const stderr = await refused(shop, [...facebookFlags('EAAU-any'), '--app-secret', 'not-its-secret']);
    expect(stderr).toMatch(/✗ The app secret is not the app's: app 111000000000001\. Meta answered /);
    expect(stderr).not.toContain('not-its-secret');
  });

  test.each([
    [463, 'The token has expired'],
    [460, 'The token ended with a changed password'],
    [458, "The account's owner removed the app"],
  ])('when the token is refused with 190/%i', async (tokenSubcode, says) => {
    const shop = await openShop();
    const token = shortLived(shop);
    shop.meta.world.state.set({ tokenSubcode });
    expect(await refused(shop, facebookFlags(token))).toContain(says);
  });

  test('when the token is none', async () => {
    const shop = await openShop();
    expect(await refused(shop, facebookFlags('EAAU-cut-off'))).toContain('Meta refuses the token');
  });

  test("when the token is another app's", async () => {
    const shop = await openShop();
    const token = shortLived(shop);
    shop.meta.world.state.set({ tokenAppId: shop.meta.world.state.otherApp.id });
    expect(await refused(shop, facebookFlags(token))).toContain("belongs to another app than the webhook's");
  });

  test('when nobody answers at Meta', async () => {
    const shop = await openShop();
    const { code, stderr } = await shop.connect(facebookFlags('EAAU'), {
      GRAPH_API_BASE_URL: 'http://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('Meta cannot be reached from here');
  });

  test('when another account is connected; --yes replaces it', async () => {
    const shop = await openShop();
    shop.write('.env.local', 'IG_USER_ID=17841499999999999\n');
    const flags = facebookFlags(shortLived(shop));
    const { code, stderr } = await shop.connect(flags);
    expect(code).toBe(1);
    expect(stderr).toMatch(/17841499999999999 is connected here.*Nothing was changed\.\n.*--yes/);
    expect(shop.settings()).toEqual({ IG_USER_ID: '17841499999999999' });
    expect((await shop.connect([...flags, '--yes'])).code).toBe(0);
    expect(shop.settings()?.IG_USER_ID).toBe(accountId);
  });
});

test("the Page's id in IG_USER_ID is put right without asking", async () => {
  const shop = await openShop();
  shop.write('.env.local', `IG_USER_ID=${shop.meta.world.state.pageId}\n`);
  const { code, stdout } = await shop.connect(facebookFlags(shortLived(shop)));
  expect(code).toBe(0);
  expect(stdout).toMatch(/! IG_USER_ID was 104000000000001/);
  expect(shop.settings()?.IG_USER_ID).toBe(accountId);
});

describe('a User token that sees several Pages, an answer each', () => {
  /** Before the simulated Meta: two more Pages, of which one has no account. */
  async function withMorePages(shop: Shop): Promise<string> {
    const more = [
      { id: '901', name: 'Second shop', access_token: 'x', instagram_business_account: { id: '178412' } },
      { id: '902', name: 'Blog', access_token: 'y' },
    ];
    const relay = await startServer((request, response) => {
      const { pathname, searchParams } = request.url;
      const place = Number(searchParams.get('after') ?? '0');
      if (pathname === '/v25.0/me/accounts' && place > 0) {
        const paging =
          place < more.length ? { next: 'https://next', cursors: { after: `${place + 1}` } } : {};
        answerJson(response, 200, { data: [more[place - 1]], paging });
        return;
      }
      void fetch(`${shop.meta.url}${pathname}${request.url.search}`, {
        method: request.method,
        headers: { authorization: request.headers.authorization ?? '' },
      }).then(async (answer) => {
        const body = (await answer.json()) as Record<string, unknown>;
        const paging = { next: 'https://next', cursors: { after: '1' } };
        answerJson(response, answer.status, pathname.endsWith('/me/accounts') ? { ...body, paging } : body);
      });
    });
    onTestFinished(() => relay.stop());
    return relay.url;
  }

  test('are named with their ids; --page takes one', async () => {
    const shop = await openShop();
    const env = { GRAPH_API_BASE_URL: await withMorePages(shop) };
    const flags = facebookFlags(shortLived(shop));
    const { code, stderr } = await shop.connect(flags, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/--page ID\n {2}104000000000001 .*\n {2}901 "Second shop": 178412\n$/);

    expect((await shop.connect([...flags, '--page', '902'], env)).stderr).toContain('902 "Blog"');
    expect((await shop.connect([...flags, '--page', '77'], env)).stderr).toContain('sees no Page 77');
    expect(shop.settings()).toBeUndefined();

    expect((await shop.connect([...flags, '--page', '104000000000001'], env)).code).toBe(0);
    expect(shop.settings()?.IG_USER_ID).toBe(accountId);
  });
});

test('what is missing is named all at once, with where to find it', async () => {
  const shop = await openShop();
  const { code, stderr } = await shop.connect(['--app-id', metaApp.id]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ Missing: --login, --app-secret, --token\./);
  for (const name of ['INSTAGRAM_LOGIN', 'APP_SECRET', 'PAGE_ACCESS_TOKEN'])
    expect(stderr).toContain(`(${name}): `);
  expect(stderr).not.toContain('(APP_ID)');
});

test('a secret may come from the environment; a value that would win over the file is told', async () => {
  const shop = await openShop();
  const env = {
    INSTAGRAM_LOGIN: 'facebook',
    APP_ID: metaApp.id,
    APP_SECRET: metaApp.secret,
    PAGE_ACCESS_TOKEN: shortLived(shop),
  };
  const { code, stdout } = await shop.connect([], env);
  expect(code).toBe(0);
  expect(stdout).toMatch(/! PAGE_ACCESS_TOKEN has another value in the environment/);
  expect(shop.settings()?.PAGE_ACCESS_TOKEN).toBe(shop.meta.world.account.accessToken);
});

test.each([
  [['--login', 'both'], 'facebook or instagram'],
  [['--wait', 'long'], '--wait takes'],
  [['--public-url', 'http://shop.example'], 'begins with https://'],
  [['--public-url', 'https://x.example', '--stage', 'default'], '--public-url is for this machine'],
  [['--stage', 'a b'], 'stage'],
  [['--frobnicate'], '--frobnicate'],
])('%j is a wrong command line', async (args, says) => {
  const shop = await openShop();
  const { code, stderr } = await shop.connect(args);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});
