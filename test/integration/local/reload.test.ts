import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fixtures, newFolder, startFixture } from './fixture.ts';

async function startCopy(build: () => Promise<void> = async () => {}) {
  const stack = newFolder();
  cpSync(fixtures, stack, { recursive: true });
  const gateway = await startFixture(
    {
      template: join(stack, 'template.json'),
      reload: { sources: [join(stack, 'functions')], restart: [join(stack, 'template.json')], build },
    },
    newFolder(),
  );
  onTestFinished(() => gateway.stop());
  const edit = (name: string, from: string, to: string) => {
    const file = join(stack, 'functions', name, 'index.mjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  };
  const get = async (path: string) =>
    (await fetch(`${gateway.url}${path}`)).json() as Promise<{ pid: number; name?: string }>;
  return { gateway, stack, edit, get };
}

test('a saved file reloads its function, and only that', async () => {
  const { gateway, edit, get } = await startCopy();
  const [echo, misbehave] = [await get('/echo'), await get('/misbehave')];
  edit('echo', 'name: context.functionName', "name: 'changed'");
  await expect.poll(() => gateway.lines.join('\n')).toMatch(/Reloaded echo \(\d+ ms\)/);
  expect(await get('/echo')).toMatchObject({ name: 'changed' });
  expect((await get('/echo')).pid).not.toBe(echo.pid);
  expect((await get('/misbehave')).pid).toBe(misbehave.pid);
});

test('a file that an editor replaces reloads each time', async () => {
  const { gateway, stack, get } = await startCopy();
  const file = join(stack, 'functions/echo/index.mjs');
  for (const name of ['first', 'second', 'third']) {
    writeFileSync(`${file}.new`, `export const handler = () => Promise.resolve({ name: '${name}' });`);
    renameSync(`${file}.new`, file);
    await expect.poll(() => get('/echo')).toMatchObject({ name });
  }
  expect(gateway.lines.join('\n')).toMatch(/Reloaded echo/);
});

test('a running invocation ends on the old code', async () => {
  const { gateway, edit } = await startCopy();
  const running = fetch(`${gateway.url}/misbehave?how=hang`);
  await fetch(`${gateway.url}/echo`);
  edit('misbehave', "case 'throw'", "case 'other'");
  await expect.poll(() => gateway.lines.join('\n')).toMatch(/Reloaded misbehave/);
  // Ends by its own timeout, not by the reload.
  expect((await running).status).toBe(500);
  expect(gateway.lines.join('\n')).not.toContain('being stopped');
});

test('a compile error leaves the old code serving', async () => {
  const { gateway, edit, get } = await startCopy(async () => {
    throw new Error('handler.ts:1:2: Expected ";"');
  });
  const before = await get('/echo');
  edit('echo', 'name: context.functionName', "name: 'changed'");
  await expect.poll(() => gateway.lines).toContain('Not reloaded: handler.ts:1:2: Expected ";"');
  expect((await get('/echo')).pid).toBe(before.pid);
});

test('a change of the stack asks for a restart', async () => {
  const { gateway, stack } = await startCopy();
  writeFileSync(join(stack, 'template.json'), '{}');
  await expect.poll(() => gateway.lines.join('\n')).toContain('template.json changed: restart to apply');
});
