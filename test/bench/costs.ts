/**
 * What an event takes and costs: read and write units as AWS's own DynamoDB Local counts them, requests of the other
 * services, bytes of log, and the time of the functions. Lone: each event a delivery and a batch of its own. Busy: ten
 * events a batch, of three conversations. One in four is an echo, and one in twenty comes a second time.
 *
 *   npm run bench -- --only costs
 */
import type { SQSRecord } from 'aws-lambda';
import { queueRecord } from '../builders/queue-record.ts';
import { delivery, echoItem, messageItem } from '../builders/webhook.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { accessLogBytes, countUsage, platformLogBytes } from './count-usage.ts';
import { startCountedEngine } from './counted-engine.ts';
import { bounded, type Figure, progress, report } from './figures.ts';
import { becomeFunction, context } from './in-process.ts';
import { costOfAMillion, type Usage } from './prices.ts';
import { signedEvent } from './signed-event.ts';

const targets = { lone: 5.7, busy: 4.5 };
const events = 400;
const warmUps = 40;
const monthly = [10_000, 1_000_000, 100_000_000];

const gateway = await startBenchGateway();
const engine = await startCountedEngine(gateway);
const receive = await becomeFunction(gateway, 'receive-webhook');
const consumer = await becomeFunction(gateway, 'store-events');
process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.endpoint;
const { handler: receiveWebhook } = await import('../../functions/receive-webhook/handler.ts');
const { handler: storeEvents } = await import('../../functions/store-events/handler.ts');
const { dynamodb } = await import('../../shared/runtime/clients/dynamodb.ts');
const { sqs } = await import('../../shared/runtime/clients/sqs.ts');
const { sns } = await import('../../shared/runtime/clients/sns.ts');

const meter = countUsage({ dynamodb: dynamodb(), sqs: sqs(), sns: sns() });

const figures: Figure[] = [];
for (const [kind, target] of Object.entries(targets)) {
  const usage = await usageOf(kind as keyof typeof targets);
  const costs = costOfAMillion(usage);
  const total = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
  const parts = Object.entries(costs)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, cost]) => `${what} ${cost.toFixed(2)}`);
  figures.push(
    bounded(`a million ${kind} events`, total, { most: target }, '$', parts.join(', ')),
    {
      what: `one ${kind} event, on average`,
      measured: `${usage.writeUnits.toFixed(2)} write units`,
      beside: `${usage.readUnits.toFixed(2)} read units, ${usage.queueRequests.toFixed(2)} SQS requests, ${usage.publishRequests.toFixed(2)} of SNS, ${usage.logBytes.toFixed(0)} bytes of log, ${(usage.gigabyteSeconds * 1000).toFixed(2)} MB-s`,
    },
    ...monthly.map((count) => ({
      what: `a month of ${count.toLocaleString('en-US')} ${kind} events`,
      measured: `${((total * count) / 1e6).toFixed(2)} $`,
    })),
  );
}
progress('');
engine.stop();
await gateway.stop();
report(figures);

async function usageOf(kind: keyof typeof targets): Promise<Usage> {
  const perBatch = kind === 'lone' ? 1 : 10;
  const people = kind === 'lone' ? 40 : 3;
  await run(kind, people, perBatch, 0, warmUps);
  meter.take();
  const { receiveMs, consumeMs, batches } = await run(kind, people, perBatch, warmUps, events);
  const counted = meter.take();
  // A batch is received once and deleted once.
  const queueRequests = counted.queueRequests + 2 * batches;
  return {
    httpRequests: 1,
    invocations: 1 + batches / events,
    gigabyteSeconds:
      (receiveMs * receive.memoryMegabytes + consumeMs * consumer.memoryMegabytes) / 1024 / 1000 / events,
    queueRequests: queueRequests / events,
    writeUnits: counted.writeUnits / events,
    readUnits: counted.readUnits / events,
    publishRequests: counted.publishRequests / events,
    logBytes: counted.logBytes / events + accessLogBytes + platformLogBytes * (1 + batches / events),
  };
}

async function run(kind: string, people: number, perBatch: number, from: number, count: number) {
  let receiveMs = 0;
  let consumeMs = 0;
  let batches = 0;
  for (let n = 0; n < count; n += perBatch) {
    progress(`${kind} ${n} of ${count}`);
    // What the consumer asked of others is not its own next batch.
    meter.takeQueued();
    for (let each = 0; each < perBatch; each += 1) {
      const event = signedEvent(delivery(itemOf(kind, from + n + each, people)));
      receiveMs += (await meter.run(() => receiveWebhook(event, context))).tookMs;
    }
    const Records = meter.takeQueued().map((body, place): SQSRecord => queueRecord(body, `sqs-${place}`));
    consumeMs += (await meter.run(() => storeEvents({ Records }, context))).tookMs;
    batches += 1;
  }
  return { receiveMs, consumeMs, batches };
}

function itemOf(kind: string, n: number, people: number): unknown {
  // One that came before comes again.
  const place = n % 20 === 19 ? n - people : n;
  const customer = `${kind === 'lone' ? 8 : 9}00000${place % people}`;
  const message = {
    mid: `m_${kind}_${place}`.padEnd(164, 'x'),
    text: 'Do you ship to Malmö? I need it by Friday.',
  };
  const times = { timestamp: 1_760_000_000_000 + place * 1000 };
  return place % 4 === 3
    ? echoItem(message, { recipient: { id: customer }, ...times })
    : messageItem(message, { sender: { id: customer }, ...times });
}
