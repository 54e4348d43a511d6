import { createHmac } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { canaries } from '../../builders/canaries.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { ownerCommand } from '../../builders/owner-command.ts';
import { eventRecord } from '../../builders/queue-record.ts';
import { delivery, messageItem } from '../../builders/webhook.ts';

let gateway: TestGateway;
let sqs: SQSClient;

beforeAll(async () => {
  gateway = await startTestGateway();
  sqs = new SQSClient(localClient(gateway.endpoints.sqs));
});
afterAll(async () => {
  sqs.destroy();
  await gateway.stop();
});

const run = (script: string, ...args: readonly string[]) => ownerCommand(gateway, script, ...args);
const nowMs = Date.now();
const from = (id: string, mid: string, timestamp = nowMs) =>
  messageItem({ mid, text: `${canaries.text} ${mid}` }, { sender: { id }, timestamp });
const letter = (id: string, mid: string) => eventRecord(from(id, mid), { receivedAtMs: nowMs }).body;
const put = (queue: string, MessageBody: string, DelaySeconds = 0) =>
  sqs.send(new SendMessageCommand({ QueueUrl: gateway.queueUrl(queue), MessageBody, DelaySeconds }));
const waitingIn = async (queue: string) => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: gateway.queueUrl(queue),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible].map(
    Number,
  );
};
const conversationsOf = async (id: string) =>
  (await gateway.api(`/api/conversations?q=${id}`)).body.data as unknown as { recipient_id: string }[];
const textsOf = async (id: string) => {
  const { body } = await gateway.api(`/api/conversations/17841400000000001.${id}/messages`);
  return ((body.data ?? []) as { text?: string }[]).map(({ text }) => text);
};
const deliver = async (id: string, mid: string, atMs = nowMs) => {
  expect((await gateway.deliver(delivery(from(id, mid, atMs)))).status).toBe(200);
  await expect.poll(() => textsOf(id)).toContain(`${canaries.text} ${mid}`);
};

describe('npm run redrive', () => {
  const buyer = '9000000000000011';

  test('says when there are none', async () => {
    expect(await run('redrive')).toMatchObject({ code: 0, stderr: '' });
    expect((await run('redrive')).stdout).toMatch(
      /EventsDeadLetterQueue: none\n.*LookupsDeadLetterQueue: none/s,
    );
  });

  test('shows dead letters without their texts, puts them back, and they are stored', async () => {
    await put('EventsDeadLetterQueue', letter(buyer, 'd1'));
    await put('EventsDeadLetterQueue', letter(buyer, 'd2'));
    await put('EventsDeadLetterQueue', `{"v":99,"source":"webhook","text":"${canaries.text}"}`);
    const shown = await run('redrive');
    expect(shown).toMatchObject({ code: 3, stderr: '' });
    expect(shown.stdout).toMatch(/EventsDeadLetterQueue: 3\n/);
    expect(shown.stdout).toMatch(/2 {2}since \d{4}-\S+ {2}webhook message: its function failed/);
    expect(shown.stdout).toMatch(
      /1 {2}since \S+ {2}webhook event: this version of the gateway cannot read it/,
    );
    expect(shown.stdout).not.toContain(canaries.text);
    expect(shown.stdout).not.toContain(buyer);
    // A look changes nothing, and hides nothing.
    expect(await waitingIn('EventsDeadLetterQueue')).toEqual([3, 0]);

    const one = await run('redrive', '--yes', '--limit', '1');
    expect(one.stdout).toMatch(
      /EventsDeadLetterQueue: 1 put back into EventsQueue \(there may be more: --limit\)/,
    );
    const rest = await run('redrive', '--yes', '--queue', 'EventsDeadLetterQueue');
    expect(rest).toMatchObject({ code: 0, stdout: expect.stringContaining('2 put back into EventsQueue') });
    await expect.poll(() => textsOf(buyer)).toHaveLength(2);
    expect(new Set(await textsOf(buyer))).toEqual(new Set([`${canaries.text} d1`, `${canaries.text} d2`]));
  });

  test('purges only when that is confirmed', async () => {
    await put('LookupsDeadLetterQueue', '{"v":1,"task":"changed"}');
    const shown = await run('redrive', '--purge', '--queue', 'LookupsDeadLetterQueue');
    expect(shown).toMatchObject({ code: 3, stdout: expect.stringContaining('lookup changed') });
    expect(await waitingIn('LookupsDeadLetterQueue')).toEqual([1, 0]);
    const purged = await run('redrive', '--purge', '--confirm-purge', '--queue', 'LookupsDeadLetterQueue');
    expect(purged).toMatchObject({ code: 0, stdout: expect.stringContaining('1 thrown away') });
    expect(await waitingIn('LookupsDeadLetterQueue')).toEqual([0, 0]);
  });

  test.each([
    [['--yes', '--purge']],
    [['--confirm-purge']],
    [['--limit', '0']],
    [['--queue', 'EventsQueue']],
    [['--everything']],
  ])('a wrong command line: %j', async (args) => {
    expect((await run('redrive', ...args)).code).toBe(2);
  });

  test('--help ends with 0', async () => {
    expect(await run('redrive', '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--confirm-purge'),
    });
  });
});

test("Meta's data-deletion request is answered with a page that shows its status, and told by the doctor", async () => {
  const payload = Buffer.from('{"user_id":"218471","algorithm":"HMAC-SHA256"}').toString('base64url');
  const signature = createHmac('sha256', canaries.secondAppSecret).update(payload).digest('base64url');
  const answer = await fetch(`${gateway.url}/api/data-deletion`, {
    method: 'POST',
    body: new URLSearchParams({ signed_request: `${signature}.${payload}` }),
  });
  expect(answer.status).toBe(200);
  const { url, confirmation_code } = (await answer.json()) as { url: string; confirmation_code: string };
  expect(url.startsWith(gateway.url)).toBe(true);
  expect(await (await fetch(url)).text()).toContain(confirmation_code);
  expect((await run('doctor')).stdout).toContain('asks Meta for deletion');
});

describe('npm run forget, npm run export', () => {
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(2000)]);
  /** A customer at the stand-in for Meta, which keeps the history. */
  const shopper = '123456789';
  const write = async (mid: string) => {
    const text = `${canaries.text} ${mid}`;
    gateway.meta.customers.write(shopper, { text });
    await expect.poll(() => textsOf(shopper)).toContain(text);
  };
  const files = () => globSync(join(gateway.dataDir, 's3', '**', '*.png'));
  const count = (stdout: string, kind: string) =>
    Number(new RegExp(`^ +(\\d+) {2}${kind}`, 'm').exec(stdout)?.[1]);

  test('erases one customer while the gateway runs, and no other', async () => {
    await deliver('9000000000000012', 'k1');
    await write('f1');
    const announced = await gateway.api(
      '/api/uploads',
      jsonBody({ content_type: 'image/png', size_bytes: png.length }),
    );
    const { upload_id, url, headers } = announced.body.data as unknown as {
      upload_id: string;
      url: string;
      headers: Record<string, string>;
    };
    expect((await fetch(url, { method: 'PUT', headers, body: new Uint8Array(png) })).status).toBe(200);
    const sent = await gateway.api(
      '/api/send-message',
      jsonBody({ recipient_id: shopper, message: { image: { upload_id } } }),
    );
    expect(sent.status).toBe(200);
    await expect.poll(() => textsOf(shopper)).toHaveLength(2);
    await put('EventsDeadLetterQueue', letter(shopper, 'f2'));

    expect(files()).toHaveLength(1);
    const out = join(gateway.dataDir, 'customer.jsonl');
    expect(await run('export', '--customer', shopper, '--out', out)).toMatchObject({
      code: 0,
      stdout: '',
    });
    const lines = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(lines.filter(({ kind }) => kind === 'message')).toHaveLength(2);
    expect(lines.filter(({ kind }) => kind === 'dead letter')).toHaveLength(1);
    expect((await run('export', '--customer', shopper, '--out', out)).code).toBe(1);

    const shown = await run('forget', '--customer', shopper);
    expect(shown.stderr).toBe('');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was erased.') });
    expect(await textsOf(shopper)).toHaveLength(2);

    // On its way, and seen by nobody yet.
    await put('EventsQueue', letter(shopper, 'f3'), 6);
    const erased = await run('forget', '--customer', shopper, '--yes', '--wait', '8');
    expect({ ...erased, stdout: '' }).toMatchObject({ code: 0 });
    expect(count(erased.stdout, 'message$')).toBe(2);
    expect(count(erased.stdout, 'send$')).toBe(1);
    expect(count(erased.stdout, 'uploaded file')).toBe(1);
    expect(count(erased.stdout, 'queued message or dead letter')).toBe(1);
    expect(erased.stdout).toContain('point-in-time backups');
    expect(erased.stdout).not.toContain(canaries.text);

    // What was on its way came meanwhile, and was not stored.
    await expect.poll(() => gateway.lines.join('\n')).toContain('"outdated":1');
    expect(await textsOf(shopper)).toEqual([]);
    expect(await conversationsOf(shopper)).toEqual([]);
    expect(await conversationsOf('9000000000000012')).toHaveLength(1);
    expect(files()).toEqual([]);
    expect(await run('export', '--customer', shopper)).toMatchObject({ code: 3, stdout: '' });
    // Meta still has the history: reconciling brings none of it back.
    expect((await run('reconcile', '--customer', shopper)).stdout).toBe('No message is missing.\n');
    expect((await run('export', '--customer', shopper)).code).toBe(3);

    await write('f4');
    expect(await textsOf(shopper)).toEqual([`${canaries.text} f4`]);
  });

  test('what was done, and by whom, can be read, without a customer or a text', async () => {
    const { stdout, code } = await run('keys', 'audit');
    expect(code).toBe(0);
    const actions = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('  ')[1]);
    expect(new Set(actions)).toEqual(
      new Set(['dead_letters_put_back', 'dead_letters_purged', 'customer_forgotten']),
    );
    expect(stdout).toMatch(
      /^\d{4}-\S+Z {2}dead_letters_put_back {2}\S+@\S+ {2}.*queue=EventsDeadLetterQueue/m,
    );
    expect(stdout).toMatch(/customer_forgotten .*hashes=[0-9a-f]{64}/);
    expect(stdout).not.toContain(shopper);
    expect(stdout).not.toContain(canaries.text);
    expect(gateway.lines.join('\n')).toMatch(/ send \{.*"key":"[0-9a-f]{12}"/);
  });

  test.each([
    ['forget', []],
    ['forget', ['--customer', 'a b']],
    ['forget', ['--customer', '1', '--wait', 'long']],
    ['export', []],
    ['export', ['--customer', 'a b']],
  ])('%s: a wrong command line: %j', async (script, args) => {
    expect((await run(script, ...args)).code).toBe(2);
  });

  test.each(['forget', 'export'])('%s --help ends with 0', async (script) => {
    expect(await run(script, '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--customer ID'),
    });
  });
});
