import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { credentials, jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';

const root = resolve(import.meta.dirname, '../../..');
const customer = '123456789';
let gateway: TestGateway;

beforeAll(async () => {
  // What waits is woken by the schedule, which need not be waited for a minute.
  gateway = await startTestGateway({ schedulePeriodMs: 2_000 });
});
afterAll(() => gateway.stop());

/** As `npm run sends` runs it. */
async function sends(...args: string[]) {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...words] = (scripts.sends ?? '').split(' ');
  const child = spawn(process.execPath, [...words, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...credentials, DATA_DIR: gateway.dataDir },
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { stdout, stderr, code };
}

function send(message: string, headers: Record<string, string> = {}) {
  const request = jsonBody({ recipient_id: customer, message });
  return gateway.api('/api/send-message', {
    ...request,
    headers: { ...(request.headers as Record<string, string>), ...headers },
  });
}

const textsSent = () =>
  (gateway.meta.world.conversations.withCustomer(customer)?.messages ?? [])
    .filter(({ fromBusiness }) => fromBusiness)
    .map(({ text: each }) => each);

describe('npm run sends', () => {
  test('paused, nothing goes out; who waits is told who resumes it, what is queued stays', async () => {
    expect(await sends()).toMatchObject({
      code: 0,
      stdout: 'Sending is on.\nNothing waits to be sent.\n',
    });
    expect(await sends('--pause')).toMatchObject({ code: 0, stdout: expect.stringContaining('is paused') });
    expect(await sends('--pause')).toMatchObject({ code: 0, stdout: 'Sending was paused already.\n' });

    const key = { 'idempotency-key': 'paused' };
    const refused = await send('wanted at once', key);
    expect(refused).toMatchObject({ status: 503, body: { code: 'sends_paused' } });
    expect(refused.body.error).toContain('npm run sends -- --resume');
    expect((await send('queued', { prefer: 'respond-async' })).status).toBe(202);

    const shown = await sends();
    expect(shown.stderr).toBe('');
    expect(shown).toMatchObject({ code: 3, stdout: expect.stringMatching(/Stopped: .*paused/) });
    expect(shown.stdout).toContain('Waiting: 1, in conversations: 1,');
    const line = await sends('--thread', customer);
    expect(line).toMatchObject({ code: 3, stdout: expect.stringContaining('In line, the next one first:') });
    expect(line.stdout).toContain('"queued"');
    expect(textsSent()).toEqual([]);

    expect(await sends('--resume')).toMatchObject({ code: 0, stdout: expect.stringContaining('goes on') });
    expect((await send('wanted at once', key)).status).toBeLessThan(300);
    await expect.poll(textsSent, { timeout: 20_000 }).toEqual(['wanted at once', 'queued']);
    expect(await sends('--resume')).toMatchObject({ code: 0, stdout: 'Sending was not stopped.\n' });
  });

  test.each([
    ['the token is refused', 'token_refused', 190],
    ['the account is blocked', 'account_blocked', 368],
  ] as const)('while %s what is queued stays, and --resume asks Meta again', async (_, fault, code) => {
    const message = `queued through ${code}`;
    gateway.meta.world.faults.set(fault, { probability: 1 });
    expect((await send(message, { prefer: 'respond-async' })).status).toBe(202);
    await expect
      .poll(async () => (await sends()).stdout, { timeout: 20_000, interval: 500 })
      .toMatch(/Stopped: Meta (has refused the access token|blocked this account)/);
    gateway.meta.world.faults.set(fault, { probability: 0 });
    expect(textsSent()).not.toContain(message);
    expect((await sends('--resume')).code).toBe(0);
    await expect.poll(textsSent, { timeout: 20_000 }).toContain(message);
  });

  test('--unknown lists what nobody knows the outcome of, and what to do', async () => {
    expect(await sends('--unknown')).toMatchObject({
      code: 0,
      stdout: 'The outcome of every send is known.\n',
    });
    gateway.meta.world.faults.set('send_is_lost', { probability: 1, value: 0 });
    expect(await send('lost')).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
    gateway.meta.world.faults.set('send_is_lost', { probability: 0 });
    const { code, stdout } = await sends('--unknown');
    expect(code).toBe(3);
    expect(stdout).toContain('"lost"');
    expect(stdout).toContain('under a new Idempotency-Key');
  });

  test.each([[['--pause', '--resume']], [['--thread', 'a b']], [['--everything']]])(
    'a wrong command line: %j',
    async (args) => {
      expect((await sends(...args)).code).toBe(2);
    },
  );

  test('--help ends with 0', async () => {
    expect(await sends('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--unknown') });
  });
});
