/**
 * What `POST /api/send-message` adds to Meta's own answer: against a bare `fetch` to the same simulated Meta and the
 * ledger's writes by the bare SDK to the same table, one after the other, measured in turns in the same run. The
 * HTTP API and the function's process of this machine are included: a part of it is theirs.
 *
 *   npm run bench -- --only send-message
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { account, startBenchGateway } from './bench-gateway.ts';
import { median, quantile, ratio, report, short, timed } from './figures.ts';

const rounds = 150;
const warmUps = 20;
const targetRatio = 3;
const storedWithinMs = 150;
const customerId = (n: number) => `2000${n}`;

const gateway = await startBenchGateway();
const { meta, table } = gateway;
// Many people, since one thread takes twenty messages a second alone. No webhooks: nothing else shall run meanwhile.
for (let n = 0; n < rounds + warmUps; n += 1) {
  meta.customers.add({ id: customerId(n), username: `customer_${n}` });
  meta.customers.write(customerId(n), { text: 'Do you ship to Malmö?' });
}

async function sendByGateway(n: number): Promise<void> {
  const answer = await fetch(`${gateway.url}/api/send-message`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ recipient_id: customerId(n), message: 'Yes, we do.' }),
  });
  if (answer.status !== 200)
    throw new Error(`send-message answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
}

async function sendByFetch(n: number): Promise<void> {
  const answer = await fetch(`${meta.url}/v25.0/me/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ recipient: { id: customerId(n) }, message: { text: 'Yes, we do.' } }),
  });
  if (answer.status !== 200) throw new Error(`Meta answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
}

/**
 * The writes of one send, as many as `send-message` makes: the row accepted; its place in the thread's line, with the
 * lease; `sending` before the request; the message's claim and the outcome; the place, with the lease, given back.
 * Without its reads, and without the turn within Meta's limits.
 */
async function writeLedger(): Promise<void> {
  const put = (pk: string) =>
    table.send(
      new PutCommand({
        TableName: gateway.tableName,
        Item: { pk, sk: 'bench', row: 'x'.repeat(500) },
      }),
    );
  const [row, thread, claim] = [randomUUID(), randomUUID(), randomUUID()];
  for (const pk of [row, thread, row, claim, row, thread]) await put(pk);
}

const took = { gateway: [] as number[], meta: [] as number[], ledger: [] as number[] };
for (let n = 0; n < rounds + warmUps; n += 1) {
  const byGateway = await timed(() => sendByGateway(n));
  // The message is stored behind the answer, on the same cores.
  await delay(storedWithinMs);
  const byFetch = await timed(() => sendByFetch(n));
  const byLedger = await timed(writeLedger);
  if (n < warmUps) continue;
  took.gateway.push(byGateway);
  took.meta.push(byFetch);
  took.ledger.push(byLedger);
}
await gateway.stop();
const floor = median(took.meta) + median(took.ledger);
report([
  ratio(
    'send-message, beside a bare fetch and the writes of its ledger',
    median(took.gateway),
    floor,
    targetRatio,
  ),
  ...Object.entries({
    'send-message': took.gateway,
    'a bare fetch': took.meta,
    'the six writes': took.ledger,
  }).map(([what, values]) => ({
    what,
    measured: `${short(median(values))} ms`,
    beside: `p95 ${short(quantile(values, 0.95))} ms`,
  })),
]);
