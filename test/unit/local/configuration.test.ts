import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfiguration, settingsFrom } from '../../../infra/local/configuration.ts';

const credentials = { PAGE_ACCESS_TOKEN: 't', IG_USER_ID: '1', WEBHOOK_VERIFY_TOKEN: 'v', APP_SECRET: 's' };

test('no credentials mean the simulator, and everything has a default', () => {
  expect(readConfiguration({})).toEqual({
    login: 'facebook',
    appsecretProof: 'off',
    humanAgent: 'off',
    resubscribe: 'on',
    extensions: {},
    graphApiVersion: 'v25.0',
    port: 3000,
    simulatorPort: 3001,
    dataDir: '.data',
  });
});

test('the n-th app id belongs to the n-th secret', () => {
  const { credentials: read } = readConfiguration({ ...credentials, APP_SECRET: 'a, b', APP_ID: '1,2' });
  expect(read?.apps).toEqual([
    { id: '1', secret: 'a' },
    { id: '2', secret: 'b' },
  ]);
  expect(readConfiguration(credentials).credentials?.apps).toEqual([{ secret: 's' }]);
});

test.each([
  [{ ...credentials, APP_ID: '1,2' }, 'APP_ID lists 2, APP_SECRET 1'],
  [{ ...credentials, APP_SECRET: ',' }, 'APP_SECRET holds no secret'],
  [{ PORT: '65536' }, 'PORT must be a port number'],
  [{ SIMULATOR_PORT: '-1' }, 'SIMULATOR_PORT must be a port number'],
  [{ GRAPH_API_BASE_URL: 'graph' }, 'GRAPH_API_BASE_URL must be a URL'],
  [{ HUMAN_AGENT: 'yes' }, 'HUMAN_AGENT must be off or on, not "yes"'],
  [
    { APP_SECRET: 's' },
    'Missing required environment variables: PAGE_ACCESS_TOKEN, IG_USER_ID, WEBHOOK_VERIFY_TOKEN\n',
  ],
])('%j is refused', (settings, message) => {
  expect(() => readConfiguration(settings)).toThrow(message);
});

test('the environment wins over the file, and an empty value counts as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, '.env.local');
  writeFileSync(file, 'PORT=1\nAPP_ID=2\nHUMAN_AGENT=\nUNKNOWN=3\n# PUBLIC_URL=x\n');
  expect(settingsFrom({ PORT: '9', APP_ID: '' }, file)).toEqual({ PORT: '9', APP_ID: '2' });
  expect(settingsFrom({}, join(folder, 'absent'))).toEqual({});
});
