import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { close, listen } from '../../../infra/local/servers.ts';
import { runScript } from './command-run.ts';
import { newFolder, settings } from './fixture.ts';

const dev = (args: readonly string[], environment: Record<string, string> = {}) =>
  runScript('infra/local/dev.ts', args, {
    PORT: '0',
    SIMULATOR_PORT: '0',
    DATA_DIR: newFolder(),
    ...environment,
  });

test('half a configuration names what is missing, and where to find it', async () => {
  const { exit, output } = dev([], { PAGE_ACCESS_TOKEN: 'secret-token', IG_USER_ID: '1' });
  expect(await exit).toBe(1);
  const [first, ...rest] = output().trim().split('\n');
  expect(first).toBe('Missing required environment variables: WEBHOOK_VERIFY_TOKEN, APP_SECRET');
  expect(rest).toEqual([
    expect.stringContaining('WEBHOOK_VERIFY_TOKEN: Make one up'),
    expect.stringContaining('APP_SECRET: Facebook login: App Dashboard'),
  ]);
  expect(output()).not.toContain('secret-token');
});

test.each([
  [{ PORT: 'http' }, 'PORT must be a port number, 0 to 65535, not "http"'],
  [{ INSTAGRAM_LOGIN: 'twitter' }, 'INSTAGRAM_LOGIN must be facebook or instagram, not "twitter"'],
  [{ API_KEY: 'short' }, 'API_KEY must have at least 20 characters, not 5'],
])('a wrong value is said: %o', async (environment, message) => {
  const { exit, output } = dev([], environment);
  expect(await exit).toBe(1);
  expect(output().trim()).toBe(message);
});

test('a port in use is said', async () => {
  const server = createServer();
  const port = await listen(server);
  onTestFinished(() => close(server));
  const { exit, output } = dev(['--port', String(port)]);
  expect(await exit).toBe(1);
  expect(output().trim()).toBe(
    `Port ${port} is in use: stop what uses it, or choose another one with PORT=${port + 10} npm run dev`,
  );
});

test('a data folder that cannot be written is said', async () => {
  const file = join(newFolder(), 'a-file');
  writeFileSync(file, '');
  const { exit, output } = dev(['--data-dir', join(file, 'data')]);
  expect(await exit).toBe(1);
  expect(output()).toMatch(`The data folder ${join(file, 'data')} cannot be written (ENOTDIR)`);
});

test('an unknown flag is refused, --help explains', async () => {
  const unknown = dev(['--prot', '1']);
  expect(await unknown.exit).toBe(2);
  expect(unknown.output()).toContain("Unknown option '--prot'");
  const help = dev(['--help']);
  expect(await help.exit).toBe(0);
  expect(help.output()).toContain('--data-dir FOLDER');
});

test.each(['SIGINT', 'SIGTERM'] as const)('runs the product with a simulator until %s', async (signal) => {
  const folder = newFolder();
  const { child, exit, output } = dev(['--data-dir', folder]);
  await expect.poll(output, { timeout: 50_000 }).toContain('Ready in');
  const url = /Gateway +(\S+)/.exec(output())?.[1] ?? '';
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
  expect(output()).toContain('simulator');
  expect(output()).toContain(readFileSync(join(folder, 'api-key'), 'utf8').trim());
  child.kill(signal);
  expect(await exit).toBe(0);

  const simulator = JSON.parse(readFileSync(join(folder, 'simulator.json'), 'utf8')) as Record<
    string,
    string
  >;
  for (const secret of [simulator.access_token, simulator.app_secret, simulator.verify_token]) {
    expect(output()).not.toContain(secret);
  }
});

test('with all credentials it says where Graph calls go', async () => {
  const { output } = dev([], settings);
  await expect.poll(output, { timeout: 50_000 }).toContain('Ready in');
  expect(output()).toMatch(/Graph calls +http:\/\/127\.0\.0\.1:9\n/);
  expect(output()).not.toContain('simulator');
});
