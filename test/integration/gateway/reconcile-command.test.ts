import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { credentials, startTestGateway, type TestGateway } from '../../builders/gateway.ts';

const root = resolve(import.meta.dirname, '../../..');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
  gateway.meta.world.faults.set('lost_delivery', { probability: 1 });
});
afterAll(() => gateway.stop());
beforeEach(() => gateway.meta.world.faults.set('broken_thread', { probability: 0 }));

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** As `npm run reconcile` runs it. `onProgress` is told of each line about a conversation that was read. */
async function reconcile(args: readonly string[], onProgress?: (stop: () => void) => void): Promise<Ended> {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...words] = (scripts.reconcile ?? '').split(' ');
  const child = spawn(process.execPath, [...words, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...credentials, DATA_DIR: gateway.dataDir },
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('conversations read')) onProgress?.(() => child.kill('SIGINT'));
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { stdout, stderr, code };
}

function write(customerId: string, messages = 1): string[] {
  gateway.meta.customers.add({ id: customerId, username: `person_${customerId}` });
  return Array.from(
    { length: messages },
    (_, n) => gateway.meta.customers.write(customerId, { text: `${n} of ${customerId}` }).id,
  );
}

const stored = (customerId: string) => async () =>
  JSON.stringify((await gateway.api('/api/get-messages?messages=100&limit=100')).body.data).includes(
    `of ${customerId}"`,
  );

describe('npm run reconcile', () => {
  test('fetches what is missing, and ends with 0', async () => {
    write('501');
    const { stdout, code } = await reconcile([]);
    expect(stdout).toMatch(/messages found; they are being stored/);
    expect(code).toBe(0);
    await expect.poll(stored('501'), { timeout: 20_000 }).toBe(true);
  });

  test('goes on where it was stopped, without waiting for a lock', async () => {
    for (const id of ['511', '512', '513', '514']) write(id);
    let asked = 0;
    const stopped = await reconcile(['--all'], (stop) => {
      asked += 1;
      if (asked === 1) stop();
    });
    expect(stopped.stderr).toContain('Run it again, and it goes on where it was.');
    expect(stopped.code).toBe(1);
    const read = Number(/^(\d+) of/m.exec(stopped.stdout)?.[1]);
    const again = await reconcile(['--all']);
    expect(again.code).toBe(0);
    // Those of the first test are read too: an import wants all of each.
    const all = gateway.meta.world.conversations.list().length;
    expect(read + Number(/^(\d+) of/m.exec(again.stdout)?.[1])).toBe(all);
  });

  test('says which conversation could not be read, and ends with 1', async () => {
    write('521');
    gateway.meta.world.faults.set('broken_thread', { probability: 1, customerId: '521' });
    const { stderr, code } = await reconcile([]);
    expect(stderr).toMatch(/Conversation \S+ could not be read/);
    expect(code).toBe(1);
    gateway.meta.world.faults.set('broken_thread', { probability: 0 });
    expect((await reconcile([])).code).toBe(0);
    await expect.poll(stored('521'), { timeout: 20_000 }).toBe(true);
  });

  test('names every gap, and ends with 3', async () => {
    write('531');
    expect((await reconcile([])).code).toBe(0);
    await expect.poll(stored('531'), { timeout: 20_000 }).toBe(true);
    const missed = write('531', 45).slice(0, 25);
    const { stdout, code } = await reconcile([]);
    expect(code).toBe(3);
    expect(missed.filter((mid) => !stdout.includes(`Gap: message ${mid} of customer 531`))).toEqual([]);
  });

  test('--customer does one conversation', async () => {
    write('541');
    const found = await reconcile(['--customer', '541']);
    expect(found).toMatchObject({ code: 0, stdout: '1 messages found; they are being stored.\n' });
    await expect.poll(stored('541'), { timeout: 20_000 }).toBe(true);
    expect(await reconcile(['--customer', '541'])).toMatchObject({
      code: 0,
      stdout: 'No message is missing.\n',
    });
  });

  test('--customer of nobody is no success', async () => {
    const { stderr, code } = await reconcile(['--customer', '599']);
    expect(stderr).toContain('Meta lists no conversation');
    expect(code).toBe(1);
  });

  test.each([['--customer', '501', '--all'], ['--everything']])(
    'a wrong command line: %s',
    async (...args) => {
      expect((await reconcile(args)).code).toBe(2);
    },
  );
});
