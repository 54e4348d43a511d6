import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { newFolder, startFixture } from './fixture.ts';

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly idleQueueUrl: string;
  readonly sqs: string;
  readonly apiKey: string;
}

/** In a process group of its own. */
async function startInProcess(folder: string): Promise<Started> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'gateway-process.ts'), folder], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => killGroup(child));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Omit<Started, 'child'>) };
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  killGroup(child);
  await exit;
}

test('after kill -9 everything acknowledged is still there, and is dealt with', async () => {
  const folder = newFolder();
  const first = await startInProcess(folder);
  const acknowledged: string[] = [];
  const enqueue = async (id: string) => {
    const answer = await fetch(`${first.url}/enqueue`, {
      method: 'POST',
      body: JSON.stringify({ id }),
      headers: { 'content-type': 'application/json' },
    });
    if (answer.ok) acknowledged.push(id);
  };
  await Promise.all(Array.from({ length: 60 }, (_, index) => enqueue(`message-${index}`)));
  expect(acknowledged).toHaveLength(60);
  await kill(first.child);

  const second = await startFixture({}, folder);
  onTestFinished(() => second.stop());
  await expect
    .poll(async () => Object.keys(await second.consumed()).toSorted(), { timeout: 10_000 })
    .toEqual(acknowledged.toSorted());
  expect(second.apiKey).toBe(first.apiKey);
});

test('a message that was in flight is visible again at once, its tries not counted', async () => {
  const folder = newFolder();
  const first = await startInProcess(folder);
  const client = new SQSClient(localClient(first.sqs));
  await client.send(new SendMessageCommand({ QueueUrl: first.idleQueueUrl, MessageBody: 'kept' }));
  const taken = await client.send(
    new ReceiveMessageCommand({ QueueUrl: first.idleQueueUrl, VisibilityTimeout: 600 }),
  );
  expect(taken.Messages).toHaveLength(1);
  client.destroy();
  await kill(first.child);

  const second = await startFixture({}, folder);
  onTestFinished(() => second.stop());
  const { Messages = [] } = await second.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: second.queueUrl('IdleQueue'),
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  expect(Messages).toMatchObject([{ Body: 'kept', Attributes: { ApproximateReceiveCount: '1' } }]);
});

test('functions end with their killed host', async () => {
  const { child, url } = await startInProcess(newFolder());
  const { pid } = (await (await fetch(`${url}/misbehave`)).json()) as { pid: number };
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  // An ended process counts as alive until its parent, now the system's first process, has taken note.
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
});

test('a second gateway on the same folder is refused, and names the first', async () => {
  const folder = newFolder();
  const { child } = await startInProcess(folder);
  await expect(startFixture({}, folder)).rejects.toThrow(`Another gateway (process ${child.pid}) uses`);
  await kill(child);
  const third = await startFixture({}, folder);
  await third.stop();
});

test('a table with other keys is refused, and left alone', async () => {
  const folder = newFolder();
  const first = await startFixture({}, folder);
  await first.stop();
  const changed = readFileSync(
    join(import.meta.dirname, '../../fixtures/local/template.json'),
    'utf8',
  ).replaceAll('"timeline"', '"other_index"');
  const file = join(newFolder(), 'template.json');
  writeFileSync(file, changed);
  await expect(startFixture({ template: file }, folder)).rejects.toThrow(/other keys or indexes/);
});

test('gateway.json tells where it runs, as long as it does', async () => {
  const folder = newFolder();
  const gateway = await startFixture({}, folder);
  const file = join(folder, 'gateway.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    pid: process.pid,
    url: gateway.url,
    tableName: 'StoreTable',
    queues: { WorkQueue: gateway.queueUrl('WorkQueue') },
    topicArn: 'arn:aws:sns:us-east-1:000000000000:EventsTopic',
    secrets: { WebhookSecret: expect.stringContaining(':secret:WebhookSecret-') },
    endpoints: gateway.endpoints,
  });
  expect(statSync(join(folder, 'api-key')).mode & 0o777).toBe(0o600);
  await gateway.stop();
  expect(() => statSync(file)).toThrow('ENOENT');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
