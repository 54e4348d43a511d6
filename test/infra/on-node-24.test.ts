import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { olderNode } from '../builders/older-node.ts';
import { inTemporaryFolder } from './synthesise.ts';

const root = resolve(import.meta.dirname, '../..');
const preload = join(root, 'infra/on-node-24.mjs');

function run(node: string, preloaded: string, script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, ['--import', preloaded, script, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe.runIf(olderNode)('under an older Node.js', () => {
  const older = olderNode ?? '';

  test.runIf(process.platform === 'linux')('a script runs on the one of the packages', async () => {
    await inTemporaryFolder(async (folder) => {
      const script = join(folder, 'script.ts');
      writeFileSync(
        script,
        'const version: string = process.version; console.log(version, ...process.argv.slice(2)); process.exit(3);',
      );
      expect(run(older, preload, script, '--a', 'b c')).toEqual({
        status: 3,
        stdout: expect.stringMatching(/^v24\..* --a b c\n$/),
        stderr: '',
      });
    });
  });

  test('without that one it says in one line what to install, and exits 1', async () => {
    await inTemporaryFolder(async (folder) => {
      const alone = join(folder, 'infra/on-node-24.mjs');
      cpSync(preload, alone);
      expect(run(older, alone, join(root, 'infra/local/dev.ts'))).toEqual({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^Node\.js 24 or newer is needed, this is v\d.*npm ci.*install Node\.js 24\.\n$/,
        ),
      });
    });
  });
});

test('under Node.js 24 it does nothing', () => {
  expect(run(process.execPath, preload, join(root, 'infra/local/dev.ts'), '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('npm run dev'),
  });
});
