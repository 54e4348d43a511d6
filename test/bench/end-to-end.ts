/**
 * The whole gateway on this machine: how many signed webhooks a second it takes for a while, with everything stored and
 * the queue not growing; and at half of that how long an answer takes, and how long until a message can be read.
 *
 *   npm run bench -- --only end-to-end
 */
import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localClient } from '../../infra/local/local-client.ts';
import { conversationId } from '../../shared/conversations/table-keys.ts';
import { accountId, delivery, messageItem, metaBytes, sign } from '../builders/webhook.ts';
import { app, startBenchGateway } from './bench-gateway.ts';
import { bounded, progress, quantile, report } from './figures.ts';
import { countMessages } from './stored.ts';

const people = 200;
const stepSeconds = 15;
const rates = [60, 120, 150, 180, 220, 260];
const leastRate = 120;
const answeredWithinMs = 300;
/** What is in the queue at the end of a step, in seconds of what came: more means that it grew. */
const backlogSeconds = 2;
const lookEveryMs = 500;
const personOf = (n: number) => `${7_000_000_000 + (n % people)}`;

const gateway = await startBenchGateway();
const sqs = new SQSClient(localClient(gateway.endpoints.sqs));
const queueUrl = gateway.queueUrl('EventsQueue');
for (let n = 0; n < people; n += 1) {
  gateway.meta.customers.add({ id: personOf(n), username: `customer_${n}` });
}
let written = 0;

// Everybody writes once first: what a first message does besides is not what is measured.
await send(40, people / 40);
await emptied();

let sustained = 0;
for (const rate of rates) {
  progress(`${rate} webhooks a second`);
  const { refused } = await send(rate, stepSeconds);
  const isHeld = refused === 0 && (await waiting()) <= rate * backlogSeconds;
  await emptied();
  if (!isHeld) break;
  sustained = rate;
}
const half = Math.floor(sustained / 2);
progress(`${half} webhooks a second`);
const untilMs = Date.now() + stepSeconds * 1000;
const [{ answersMs }, lagsMs] = await Promise.all([send(half, stepSeconds), lagsUntil(untilMs)]);
await emptied();
const customers = Array.from({ length: people }, (_, n) => personOf(n));
const stored = await countMessages(gateway, customers);
progress('');
sqs.destroy();
await gateway.stop();
report([
  bounded('webhooks a second, all stored, the queue not growing', sustained, { least: leastRate }, '/s'),
  { what: `at ${half}/s: answered, p50`, measured: `${quantile(answersMs, 0.5).toFixed(1)} ms` },
  bounded(`at ${half}/s: answered, p99`, quantile(answersMs, 0.99), { most: answeredWithinMs }, 'ms'),
  { what: `at ${half}/s: can be read after, p50`, measured: `${quantile(lagsMs, 0.5).toFixed(0)} ms` },
  {
    what: `at ${half}/s: can be read after, p99`,
    measured: `${quantile(lagsMs, 0.99).toFixed(0)} ms`,
    beside: `${lagsMs.length} messages`,
  },
  bounded('stored of all that was answered with 200', stored, { least: written }, 'messages'),
]);

/** Sends so many a second, whether or not the ones before are answered. */
async function send(
  rate: number,
  seconds: number,
): Promise<{ readonly answersMs: readonly number[]; readonly refused: number }> {
  const answersMs: number[] = [];
  let refused = 0;
  const startedAtMs = performance.now();
  const posts: Promise<void>[] = [];
  for (let n = 0; n < rate * seconds; n += 1) {
    const dueMs = startedAtMs + (n * 1000) / rate - performance.now();
    if (dueMs > 1) await delay(dueMs);
    posts.push(
      post(written + n, 'load').then(({ isTaken, tookMs }) => {
        if (isTaken) answersMs.push(tookMs);
        else refused += 1;
      }),
    );
  }
  await Promise.all(posts);
  written += answersMs.length;
  return { answersMs, refused };
}

async function post(n: number, name: string) {
  const body = metaBytes(
    delivery(
      messageItem(
        { mid: `m_${name}_${n}_${Date.now()}`.padEnd(164, 'x'), text: `Do you ship to Malmö? ${n}` },
        { sender: { id: personOf(n) }, timestamp: Date.now() },
      ),
    ),
  );
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, app.secret) };
  const startedAtMs = performance.now();
  const answer = await fetch(`${gateway.url}/api/webhook`, { method: 'POST', body, headers }).catch(
    () => undefined,
  );
  await answer?.arrayBuffer();
  return { isTaken: answer?.status === 200, tookMs: performance.now() - startedAtMs };
}

/** From sending a message until the API shows it, in ms, again and again. */
async function lagsUntil(untilMs: number): Promise<number[]> {
  const lags: number[] = [];
  for (let n = 0; Date.now() < untilMs; n += 1) {
    const marker = `marker ${n}`;
    const customerId = personOf(n);
    const body = metaBytes(
      delivery(
        messageItem(
          { mid: `m_marker_${n}`, text: marker },
          { sender: { id: customerId }, timestamp: Date.now() },
        ),
      ),
    );
    const startedAtMs = performance.now();
    await fetch(`${gateway.url}/api/webhook`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, app.secret) },
    });
    written += 1;
    while (!(await newestTexts(customerId)).includes(marker)) await delay(10);
    lags.push(performance.now() - startedAtMs);
    await delay(lookEveryMs);
  }
  return lags;
}

async function newestTexts(customerId: string): Promise<readonly (string | undefined)[]> {
  const id = conversationId({ accountId, customerId } as never);
  const answer = await fetch(`${gateway.url}/api/conversations/${id}/messages?limit=20`, {
    headers: { authorization: `Bearer ${gateway.apiKey}` },
  });
  const { data = [] } = (await answer.json()) as { data?: { text?: string }[] };
  return data.map(({ text }) => text);
}

async function waiting(): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

async function emptied(): Promise<void> {
  while ((await waiting()) > 0) await delay(200);
}
