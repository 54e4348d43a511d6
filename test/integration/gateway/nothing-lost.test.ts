import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import type { MessageView } from '../../../shared/conversations/view-shapes.ts';
import { canaries } from '../../builders/canaries.ts';
import {
  credentials,
  logFile,
  newDataFolder,
  startTestGateway,
  type TestGateway,
} from '../../builders/gateway.ts';
import { accountId, delivery, messageItem, metaBytes, sign } from '../../builders/webhook.ts';

const waiting = { timeout: 30_000, interval: 100 };
const conversation = `/api/conversations/${accountId}.1234567890123456/messages`;
const message = (mid: string) =>
  messageItem({ mid, text: `${canaries.text} ${mid}` }, { timestamp: Date.now() });

async function storedIds(gateway: TestGateway): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await gateway.api(`${conversation}?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
    ids.push(...((body.data ?? []) as MessageView[]).map(({ id }) => id));
    cursor = body.cursor;
  } while (cursor);
  return ids.sort();
}

/** `npm run dev` as its own process group, so that all of it can be killed at once. */
async function startCommand(dataDir: string) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../../infra/local/dev.ts')], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...credentials,
      PORT: '0',
      DATA_DIR: dataDir,
      GRAPH_API_BASE_URL: 'http://127.0.0.1:9',
    },
  });
  const killGroup = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  onTestFinished(killGroup);
  const write = logFile();
  child.stderr.on('data', (chunk: Buffer) => write(chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  const ready = Promise.withResolvers<void>();
  lines.on('line', (line) => {
    write(line);
    if (line.includes('Ready in')) ready.resolve();
  });
  await Promise.race([ready.promise, once(child, 'exit').then(() => ready.reject(new Error('It ended')))]);
  const { url } = JSON.parse(readFileSync(join(dataDir, 'gateway.json'), 'utf8')) as { url: string };
  return {
    url,
    kill: async () => {
      const exit = once(child, 'exit');
      killGroup();
      await exit;
    },
  };
}

test('kill -9 of everything straight after the last 200: each acknowledged message is there, once', async () => {
  const folder = newDataFolder();
  onTestFinished(() => folder.remove());
  const first = await startCommand(folder.path);
  const mids = Array.from({ length: 60 }, (_, n) => `m${n}`);
  const acknowledged: string[] = [];
  await Promise.all(
    mids.map(async (mid) => {
      const body = metaBytes(delivery(message(mid)));
      const response = await fetch(`${first.url}/api/webhook`, {
        method: 'POST',
        body,
        headers: { 'x-hub-signature-256': sign(body, canaries.appSecret) },
      });
      if (response.status === 200) acknowledged.push(mid);
    }),
  );
  await first.kill();
  expect(acknowledged).toHaveLength(mids.length);

  const second = await startTestGateway({ dataDir: folder.path });
  onTestFinished(() => second.stop());
  await expect.poll(() => storedIds(second), waiting).toEqual(acknowledged.sort());
}, 90_000);

/** A proxy before SQS that fails every second batch until it is told to behave. */
async function startMoodyQueue(sqsUrl: string) {
  let isMoody = true;
  let batches = 0;
  let refused = 0;
  const server = createServer((incoming, answer) => {
    const isBatch = String(incoming.headers['x-amz-target']).endsWith('SendMessageBatch');
    if (isBatch) batches += 1;
    if (isBatch && isMoody && batches % 2 === 0) {
      refused += 1;
      incoming.resume();
      answer.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(JSON.stringify({ __type: 'com.amazonaws.sqs#OverLimit', message: 'over limit' }));
      return;
    }
    const { hostname, port } = new URL(sqsUrl);
    const onwards = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      },
    );
    onwards.on('error', () => answer.destroy());
    incoming.pipe(onwards);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: () => {
      isMoody = false;
    },
    refused: () => refused,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('a queue that refuses some batches: 5xx, and after the retry everything is stored once', async () => {
  let queue: Awaited<ReturnType<typeof startMoodyQueue>> | undefined;
  const gateway = await startTestGateway({
    sqsProxy: async (sqsUrl) => {
      queue = await startMoodyQueue(sqsUrl);
      return queue.url;
    },
  });
  onTestFinished(async () => {
    await gateway.stop();
    queue?.stop();
  });
  const mids = Array.from({ length: 95 }, (_, n) => `m${n}`);
  const payload = delivery(...mids.map(message));
  const refusal = await gateway.deliver(payload);
  expect(refusal.status).toBe(503);
  expect(await refusal.json()).toMatchObject({ code: 'queue_unavailable' });
  expect(queue?.refused()).toBeGreaterThan(0);

  queue?.behave();
  expect((await gateway.deliver(payload)).status).toBe(200);
  await expect.poll(() => storedIds(gateway), waiting).toEqual(mids.sort());
});

test('a poison event ends in the dead-letter queue and delays no other', async () => {
  const gateway = await startTestGateway();
  const sqs = new SQSClient(localClient(gateway.endpoints.sqs));
  onTestFinished(async () => {
    sqs.destroy();
    await gateway.stop();
  });
  const eventsQueue = gateway.queueUrl('EventsQueue');
  const deadLetters = gateway.queueUrl('EventsDeadLetterQueue');
  const poison = JSON.stringify({ v: 1, source: 'webhook', poison: canaries.text });
  await sqs.send(new SendMessageCommand({ QueueUrl: eventsQueue, MessageBody: poison }));
  const mids = Array.from({ length: 25 }, (_, n) => `m${n}`);
  expect((await gateway.deliver(delivery(...mids.map(message)))).status).toBe(200);

  await expect.poll(() => storedIds(gateway), { timeout: 5_000, interval: 50 }).toEqual(mids.sort());
  const countIn = async (
    QueueUrl: string,
    name: 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible',
  ) => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
    );
    return Number(Attributes?.[name]);
  };
  await expect.poll(() => countIn(deadLetters, 'ApproximateNumberOfMessages'), waiting).toBe(1);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetters }));
  expect(Messages?.[0]?.Body).toBe(poison);
  expect(await countIn(eventsQueue, 'ApproximateNumberOfMessages')).toBe(0);
  expect(await countIn(eventsQueue, 'ApproximateNumberOfMessagesNotVisible')).toBe(0);
  expect(await storedIds(gateway)).toEqual(mids.sort());
}, 60_000);
