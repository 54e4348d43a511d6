/**
 * How many webhooks a second the simulated Meta sends to a server that does nothing and to the local gateway,
 * and whether its memory stays the same however many messages it sent.
 *
 *   node --expose-gc test/bench/simulator-webhooks.ts
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Meta, startMeta } from '../../infra/meta-simulator/start-meta.ts';
import { account, app, startBenchGateway } from './bench-gateway.ts';
import { bounded, report } from './figures.ts';

const people = 2_000;
const messagesAtOnce = 500;
const fewMessages = 50_000;
const manyMessages = 200_000;
const toGateway = 1_500;
const targetRatio = 5;
const maxGrowth = 0.2;

/** In a thread of its own, so that the receiver does not take the sender's time. */
const noOpServer = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

let written = 0;

/** Writes as different customers, never far ahead of what is delivered. Returns webhooks a second. */
async function send(meta: Meta, messages: number): Promise<number> {
  const startedAtMs = performance.now();
  for (let sent = 0; sent < messages; sent += messagesAtOnce) {
    for (let i = 0; i < Math.min(messagesAtOnce, messages - sent); i += 1) {
      written += 1;
      meta.customers.write(`1000${written % people}`, { text: `Do you ship to Malmö? ${written}` });
    }
    await meta.deliveries.settled();
  }
  return messages / ((performance.now() - startedAtMs) / 1000);
}

function heapUsedBytes(): number {
  if (!globalThis.gc) throw new Error('Run it with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function withPeople(meta: Meta): Meta {
  for (let i = 0; i < people; i += 1) meta.customers.add({ id: `1000${i}`, username: `customer_${i}` });
  return meta;
}

const asMiB = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const perSecond = (rate: number) => `${Math.round(rate)} webhooks/s`;

const worker = new Worker(noOpServer, { eval: true });
const [port] = await once(worker, 'message');
const meta = withPeople(
  await startMeta({ account, app, callbackUrl: `http://127.0.0.1:${port}/`, seed: 'bench', concurrency: 16 }),
);
await send(meta, 5_000);
const noOpRate = await send(meta, fewMessages - 5_000);
const fewBytes = heapUsedBytes();
await send(meta, manyMessages - fewMessages);
const manyBytes = heapUsedBytes();
const isAllDelivered = meta.deliveries.record.every(({ state }) => state === 'delivered');
await meta.stop();
await worker.terminate();

const gateway = await startBenchGateway();
const graph = withPeople(gateway.meta);
graph.setCallbackUrl(`${gateway.url}/api/webhook`);
await send(graph, 200);
const gatewayRate = await send(graph, toGateway);
const isAllTaken = graph.deliveries.record.every(({ state }) => state === 'delivered');
await gateway.stop();

const lost = isAllDelivered && isAllTaken ? 0 : 1;
report([
  bounded(
    'the simulated Meta sends to a server that does nothing, beside the local gateway',
    noOpRate / gatewayRate,
    { least: targetRatio },
    '×',
    `${perSecond(noOpRate)} / ${perSecond(gatewayRate)}`,
  ),
  bounded(
    `its memory more after ${manyMessages} messages than after ${fewMessages}`,
    (manyBytes / fewBytes - 1) * 100,
    { most: maxGrowth * 100 },
    '%',
    `${asMiB(manyBytes)} / ${asMiB(fewBytes)}`,
  ),
  bounded('runs in which a delivery was not taken', lost, { most: 0 }, 'runs'),
]);
