/**
 * What `POST /api/send-message` adds to Meta's own answer: against a bare `fetch` to the same simulated Meta and the
 * ledger's writes by the bare SDK to the same table, one after the other, measured in turns in the same run. The
 * HTTP API and the function's process of this machine are included: a part of it is theirs.
 *
 *   npm run bench -- --only send-message
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { localClient } from '../../infra/local/local-client.ts';
import { startGateway } from '../../infra/local/start-gateway.ts';
import { startMeta } from '../../infra/meta-simulator/start-meta.ts';

const account = { id: '17841400000000001', username: 'shop', accessToken: 'TOKEN_OF_THE_BENCH' };
const app = { secret: 'secret_of_the_bench', verifyToken: 'token_of_the_bench' };
const rounds = 150;
const warmUps = 20;
const targetRatio = 3;
const storedWithinMs = 150;
const customerId = (n: number) => `2000${n}`;

const dataDir = mkdtempSync(join(tmpdir(), 'send-bench-'));
const meta = await startMeta({ account, app, seed: 'bench' });
const gateway = await startGateway({
  settings: {
    PAGE_ACCESS_TOKEN: account.accessToken,
    IG_USER_ID: account.id,
    WEBHOOK_VERIFY_TOKEN: app.verifyToken,
    APP_SECRET: app.secret,
    GRAPH_API_BASE_URL: meta.url,
    PORT: '0',
    DATA_DIR: dataDir,
  },
});
const table = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
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

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await act();
  return performance.now() - startedAtMs;
}

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

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
await meta.stop();
rmSync(dataDir, { recursive: true, force: true });

console.log(`${rounds} sends              median    p95 (ms)`);
for (const [what, values] of Object.entries(took)) {
  const figures = [0.5, 0.95].map((share) => quantile(values, share).toFixed(1).padStart(8));
  console.log(`${what.padEnd(22)} ${figures.join(' ')}`);
}
const floor = quantile(took.meta, 0.5) + quantile(took.ledger, 0.5);
const ratio = quantile(took.gateway, 0.5) / floor;
const isFine = ratio <= targetRatio;
console.log(
  `${isFine ? '✓' : '✗'} ${ratio.toFixed(2)} times a bare fetch and the ledger's writes (at most ${targetRatio})`,
);
if (!isFine) process.exitCode = 1;
