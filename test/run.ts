/**
 * `npm test`: the checks, then every test, and at the end one line `N passed, N failed` over all of it.
 * Arguments go on to vitest: `npm test -- test/unit/shared`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const build = resolve(root, '.build');
const resultsFile = resolve(build, 'test-results.json');
const bin = resolve(root, 'node_modules/.bin');

mkdirSync(build, { recursive: true });
rmSync(resultsFile, { force: true });
rmSync(resolve(build, 'test-logs'), { recursive: true, force: true });

const isCheckFine = run(process.execPath, ['--import', './infra/on-node-24.mjs', 'test/check.ts']);
const areTestsFine = run(process.execPath, [
  resolve(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  'test/vitest.config.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultsFile}`,
  ...process.argv.slice(2),
]);

const { passed, failed, skipped } = readResults();
const failures = failed + (isCheckFine ? 0 : 1) + (failed === 0 && !areTestsFine ? 1 : 0);
console.log(
  `\n${passed + (isCheckFine ? 1 : 0)} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = failures > 0 || passed === 0 ? 1 : 0;

function run(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    // The Node that runs this comes first, so that every tool runs on it too.
    env: { ...process.env, PATH: [dirname(process.execPath), bin, process.env.PATH].join(':') },
  });
  return status === 0;
}

function readResults(): { passed: number; failed: number; skipped: number } {
  try {
    const results = JSON.parse(readFileSync(resultsFile, 'utf8')) as Record<string, number>;
    return {
      passed: results.numPassedTests ?? 0,
      failed: results.numFailedTests ?? 0,
      skipped: (results.numPendingTests ?? 0) + (results.numTodoTests ?? 0),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
