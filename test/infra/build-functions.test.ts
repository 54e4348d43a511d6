import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../functions/routes.ts';
import { buildFunctions, functionBundle } from '../../infra/build-functions.ts';

const run = promisify(execFile);

describe('buildFunctions', () => {
  // A folder of its own: other tests read the bundles of the project meanwhile.
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundles-'));
    await buildFunctions(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(functionNames)(
    'bundles %s into a module that loads by itself and exports its handler',
    async (name) => {
      const bundle = pathToFileURL(join(functionBundle(name, folder), 'index.mjs')).href;
      const script = `console.log(typeof (await import(${JSON.stringify(bundle)})).handler)`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
      expect(stdout.trim()).toBe('function');
    },
  );

  it.each(functionNames)(
    'loads %s without the fetch of Node, which would cost a start 20 ms',
    async (name) => {
      const bundle = pathToFileURL(join(functionBundle(name, folder), 'index.mjs')).href;
      const script = `await import(${JSON.stringify(bundle)}); console.log(JSON.stringify(process.moduleLoadList))`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
      const loaded = JSON.parse(stdout) as string[];
      expect(loaded).toContain('NativeModule path');
      expect(loaded).not.toContain('NativeModule internal/deps/undici/undici');
    },
  );

  it.each(functionNames)('leaves out of %s what no Lambda uses of the SDK', async (name) => {
    const bundle = await readFile(join(functionBundle(name, folder), 'index.mjs'), 'utf8');
    const readers = [
      'AWS_CONFIG_FILE',
      'AWS_CONTAINER_CREDENTIALS_',
      'EventStreamSerde"',
      'from"node:process"',
    ];
    expect(readers.filter((each) => bundle.includes(each))).toEqual([]);
  });

  it.each(functionNames)('makes %s small enough to start fast', async (name) => {
    const { size } = await stat(join(functionBundle(name, folder), 'index.mjs'));
    expect(size).toBeLessThanOrEqual((name === 'receive-webhook' ? 300 : 500) * 1000);
  });

  it('ships only what a function needs', async () => {
    for (const name of functionNames) {
      const files = await readdir(functionBundle(name, folder));
      const besides = { 'describe-api': ['openapi.json'], inbox: ['page'] }[name as string] ?? [];
      expect(files.toSorted()).toEqual(['index.mjs', ...besides].toSorted());
    }
  });

  it('gives the page at most 120 KB of compressed script, under names made of their content', async () => {
    const page = join(functionBundle('inbox', folder), 'page');
    const files = await readdir(page);
    expect(files.map((file) => file.replace(/-[0-9A-Z]{8}\./, '-HASH.')).toSorted()).toEqual([
      'index.html.br',
      'main-HASH.css.br',
      'main-HASH.js.br',
    ]);
    const [script = ''] = files.filter((file) => file.endsWith('.js.br'));
    expect((await stat(join(page, script))).size).toBeLessThan(120 * 1024);
  });

  it('removes what no source makes any more, and leaves unchanged bundles untouched', async () => {
    const bundle = functionBundle('describe-api', folder);
    const before = await stat(join(bundle, 'index.mjs'));
    await mkdir(join(bundle, 'old'), { recursive: true });
    await writeFile(join(bundle, 'old', 'left-over.mjs'), '');
    await buildFunctions(folder);
    expect(await readdir(join(bundle, 'old'))).toEqual([]);
    expect((await stat(join(bundle, 'index.mjs'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('repairs a bundle that was changed', async () => {
    const bundle = join(functionBundle('describe-api', folder), 'index.mjs');
    const before = await readFile(bundle, 'utf8');
    await writeFile(bundle, 'changed');
    await buildFunctions(folder);
    expect(await readFile(bundle, 'utf8')).toBe(before);
  });
});
