import { expect, test } from 'vitest';
import { runScript } from './command-run.ts';

const simulate = (args: readonly string[], environment: Record<string, string> = {}) =>
  runScript('infra/meta-simulator/simulate.ts', args, environment);

test('names its addresses and the settings that reach it, and ends with Ctrl-C', async () => {
  const { child, exit, output } = simulate(['--port', '0', '--login', 'instagram']);
  await expect.poll(output, { timeout: 10_000 }).toContain('Ctrl-C ends it');
  const [, url] = /Customer's phone +(http:\/\/127\.0\.0\.1:\d+)\/\n/.exec(output()) ?? [];
  const settings = Object.fromEntries(
    [...output().matchAll(/^ {2}([A-Z_]+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  expect(settings).toMatchObject({ INSTAGRAM_LOGIN: 'instagram', GRAPH_API_BASE_URL: url });
  const me = await fetch(`${url}/v25.0/me?fields=user_id`, {
    headers: { authorization: `Bearer ${settings.PAGE_ACCESS_TOKEN}` },
  });
  expect(await me.json()).toMatchObject({ user_id: settings.IG_USER_ID });
  child.kill('SIGINT');
  expect(await exit).toBe(0);
});

test('shows both pairs of an app with Instagram login, in the same order', async () => {
  const { output } = simulate(['--port', '0', '--login', 'instagram', '--app-id', '31,11']);
  await expect.poll(output, { timeout: 10_000 }).toContain('Ctrl-C ends it');
  expect(output()).toContain('APP_ID=31,11\n');
  const [, instagramSecret, metaSecret] = /APP_SECRET=(\w+),(\w+)\n/.exec(output()) ?? [];
  expect(instagramSecret).not.toBe(metaSecret);
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? [];
  const asApp = { authorization: `Bearer 11|${metaSecret}` };
  expect((await fetch(`${url}/v25.0/11/subscriptions`, { headers: asApp })).status).toBe(200);
});

test('gives a User token, from which the Page token can be had', async () => {
  const { output } = simulate(['--port', '0']);
  await expect.poll(output, { timeout: 10_000 }).toContain('Ctrl-C ends it');
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? [];
  const [userToken] = /EAAU\w+/.exec(output()) ?? [];
  const pages = await fetch(`${url}/v25.0/me/accounts?fields=access_token`, {
    headers: { authorization: `Bearer ${userToken}` },
  });
  expect(await pages.json()).toMatchObject({ data: [{ access_token: expect.stringMatching(/^EAAP/) }] });
});

test('shows no credential that it was given', async () => {
  const { output } = simulate(['--port', '0', '--token', 'given-token'], { APP_SECRET: 'given-secret' });
  await expect.poll(output, { timeout: 10_000 }).toContain('Ctrl-C ends it');
  expect(output()).not.toMatch(/given-(token|secret)/);
});

test.each([
  [['--port', 'x'], '--port takes a number'],
  [['--login', 'twitter'], '--login takes facebook or instagram'],
  [['--callback-url', 'localhost'], '--callback-url takes an address'],
])('%o is refused', async (args, message) => {
  const { exit, output } = simulate(args);
  expect(await exit).toBe(2);
  expect(output()).toContain(message);
});

test('--help', async () => {
  const { exit, output } = simulate(['--help']);
  expect(await exit).toBe(0);
  expect(output()).toContain('npm run simulator');
});
