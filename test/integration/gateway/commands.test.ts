import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphConversationView } from '../../../functions/get-messages/answer-shape.ts';
import { canaries } from '../../builders/canaries.ts';
import { credentials, eventsStored, startTestGateway, type TestGateway } from '../../builders/gateway.ts';

const root = resolve(import.meta.dirname, '../../..');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

async function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...credentials,
      DATA_DIR: gateway.dataDir,
      ...environment,
    },
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { stdout, stderr, code };
}

/** As the npm script of this name runs it. */
const npmRun = (name: string, ...args: string[]) => {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...words] = (scripts[name] ?? '').split(' ');
  return run(process.execPath, [...words, ...args]);
};

describe("the README's curl commands", () => {
  /** Typed from the seed, each on one line. */
  const seed = [
    `curl -X POST http://localhost:3000/api/send-message -H "Content-Type: application/json" -d '{ "recipient_id": "123456789", "message": "Hello from Instagram API!" }'`,
    `curl -X POST http://localhost:3000/api/send-message -H "Content-Type: application/json" -d '{ "recipient_id": "123456789", "message": "This is a reply!", "reply_to": "mid.xxxxx" }'`,
    'curl -X GET http://localhost:3000/api/get-messages',
  ];
  const commands = [
    ...readFileSync(resolve(root, 'README.md'), 'utf8').matchAll(/```bash\n(curl [^`]+)```/g),
  ].map(([, command = '']) => command);
  const oneLine = (command: string) => command.replaceAll(/\\\n/g, ' ').replaceAll(/\s+/g, ' ').trim();

  test("are the seed's but for the Authorization header", () => {
    const header = /-H "Authorization: Bearer \$API_KEY" ?/;
    for (const command of commands) expect(command).toMatch(header);
    expect(commands.map((command) => oneLine(oneLine(command).replace(header, '')))).toEqual(seed);
  });

  const isCurlHere = spawnSync('curl', ['--version']).status === 0;

  test.runIf(isCurlHere)('work as they stand', async () => {
    const answers: unknown[] = [];
    for (const command of commands) {
      const here = command.replaceAll('http://localhost:3000', gateway.url);
      const { stdout } = await run('bash', ['-c', `${here.trimEnd()} --silent`], { API_KEY: gateway.apiKey });
      answers.push(JSON.parse(stdout));
    }
    const sent = {
      success: true,
      data: { recipient_id: '123456789', message_id: expect.any(String) },
      send_id: expect.any(String),
    };
    expect(answers.slice(0, 2)).toEqual([sent, sent]);
    expect(answers[2]).toMatchObject({ success: true, data: expect.any(Array) });
  });
});

test('npm run webhook posts a message that can be read back', async () => {
  const before = eventsStored(gateway);
  const { stdout, code } = await npmRun('webhook', '--text', `${canaries.text} Malmö 😀`, '--from', '424242');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^200 /);
  await expect.poll(() => eventsStored(gateway), { timeout: 10_000 }).toBeGreaterThan(before);
  const { body } = await gateway.api('/api/get-messages');
  const conversation = (body.data as unknown as GraphConversationView[]).find(
    ({ recipient_id }) => recipient_id === '424242',
  );
  expect(conversation?.messages.data.map(({ message }) => message)).toEqual([`${canaries.text} Malmö 😀`]);
});

test('npm run webhook with another secret is told which one to compare', async () => {
  const { stdout, code } = await npmRun('webhook', '--app-secret', 'another');
  expect(code).toBe(1);
  expect(stdout).toContain('compare APP_SECRET');
});

test('npm run smoke makes the whole journey', async () => {
  const { stdout, code } = await npmRun('smoke');
  expect(stdout).toMatch(/\n10 passed, 0 failed\n$/);
  expect(code).toBe(0);
}, 60_000);

describe('npm run keys', () => {
  const call = async (key: string) =>
    (await gateway.api('/api/conversations', { headers: { authorization: `Bearer ${key}` } })).status;

  test('makes a key that works, shows it once, lists and revokes it', async () => {
    const made = await npmRun('keys', 'create', '--name', 'till', '--role', 'read');
    expect(made.code).toBe(0);
    const key = made.stdout.trim();
    expect(key).toMatch(/^igmg_\S{40,}$/);

    const listed = await npmRun('keys', 'list');
    expect(listed.stdout).toMatch(/ bot {4}read {2}till$/m);
    expect(listed.stdout).toMatch(/ human {2}read,send,admin {2}first key$/m);
    expect(listed.stdout).not.toContain(key);

    const id = /^(\S+).* till$/m.exec(listed.stdout)?.[1] ?? '';
    const second = await npmRun('keys', 'create', '--name', 'second', '--role', 'read');
    expect(await call(second.stdout.trim())).toBe(200);
    expect((await npmRun('keys', 'revoke', id)).stdout).toContain('Revoked');
    expect(await call(key)).toBe(401);
    expect((await npmRun('keys', 'list')).stdout).not.toContain('till');
    const audited = (await npmRun('keys', 'audit')).stdout;
    expect(audited).toMatch(/key_created .*name=till.*key_revoked .*name=till/s);
  });

  test.each<[string, string[], number, string]>([
    ['nothing to do', [], 2, 'What to do?'],
    ['another action', ['frobnicate'], 2, '"frobnicate"'],
    ['no name', ['create'], 2, '--name'],
    ['another role', ['create', '--name', 'x', '--role', 'root'], 2, 'read or send or admin'],
    ['another flag', ['list', '--all'], 2, '--all'],
    ['nothing to revoke', ['revoke'], 2, 'Which key?'],
    ['an id that no key has', ['revoke', 'zzz'], 1, '"zzz"'],
  ])('%s', async (_what, args, exitCode, says) => {
    const { stderr, code } = await npmRun('keys', ...args);
    expect(code).toBe(exitCode);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('--help', async () => {
    expect(await npmRun('keys', '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('revoke'),
    });
  });
});
