/**
 * `npm run test:sends`: the storm of sends in its full size, which takes a quarter of an hour, with its progress. A
 * failure names its seed; `SENDS_SEED=… npm run test:sends` runs it again, `SENDS_COUNT=2000` makes it shorter.
 * After `SENDS_MINUTES`, by default 15, no further send is begun, and what was sent is judged.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const vitest = resolve(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--config',
    'test/vitest.config.ts',
    '--disableConsoleIntercept=true',
    'test/chaos/sends.test.ts',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SENDS_COUNT: process.env.SENDS_COUNT || '10000', SENDS_VERBOSE: '1' },
  },
);
process.exitCode = status ?? 1;
