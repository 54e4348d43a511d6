/**
 * The consumer: events a second through `store-events` in this process, beside bare `PutItem`s of the SDK of items of
 * the same size, as many at a time, into the same table. Both batches' shapes: ten people's messages, and ten of one.
 * On AWS's own DynamoDB Local, where there is Java: the embedded engine runs in this process, and parses expressions
 * for longer than it writes.
 *
 *   npm run bench -- --only store-events
 */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { localClient } from '../../infra/local/local-client.ts';
import { hasJava } from '../builders/dynamodb-local.ts';
import { eventRecord } from '../builders/queue-record.ts';
import { messageItem } from '../builders/webhook.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { startCountedEngine } from './counted-engine.ts';
import { type Figure, median, progress, report, short, timed } from './figures.ts';
import { becomeFunction, context, silently } from './in-process.ts';

const batchSize = 10;
const rounds = 120;
const warmUps = 20;
const leastShare = { lone: 0.3, busy: 0.7 };

const gateway = await startBenchGateway();
const { variables } = await becomeFunction(gateway, 'store-events');
// Lookups of new people at Meta would run on the same cores.
process.env.RECONCILE_QUEUE_URL = gateway.queueUrl('LookupsDeadLetter');
const engine = hasJava ? await startCountedEngine(gateway) : undefined;
const endpoint = engine?.endpoint ?? gateway.endpoints.dynamodb;
process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
const table = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(endpoint)));
const { handler } = await import('../../functions/store-events/handler.ts');

const figures: Figure[] = [];
for (const [kind, least] of Object.entries(leastShare)) {
  const took = { ours: [] as number[], bare: [] as number[] };
  const people = kind === 'lone' ? batchSize : 1;
  // Everybody has written before: what a first message does besides is not what is measured.
  await store(batchOf(0, people, kind));
  for (let round = -warmUps; round < rounds; round += 1) {
    progress(`${kind} ${round}`);
    const batch = batchOf(round + warmUps + 1, people, kind);
    const ours = await timed(() => store(batch));
    const bare = await timed(() => put(batch));
    if (round < 0) continue;
    took.ours.push(ours);
    took.bare.push(bare);
  }
  const [ours, bare] = [median(took.ours), median(took.bare)].map((ms) => (batchSize / ms) * 1000);
  const share = (ours ?? 0) / (bare ?? 1);
  figures.push({
    what: `${kind === 'lone' ? 'messages of different people' : 'ten messages of one person'}: events a second, beside bare PutItem on ${engine ? "AWS's DynamoDB Local" : 'the embedded engine'}`,
    measured: `${share.toFixed(2)} ×`,
    beside: `${short(ours ?? 0)} / ${short(bare ?? 0)} a second`,
    target: `at least ${least} ×`,
    isMet: share >= least,
  });
}
progress('');
table.destroy();
engine?.stop();
await gateway.stop();
report(figures);

function batchOf(round: number, people: number, kind: string): SQSEvent {
  const records = Array.from({ length: batchSize }, (_, n) =>
    eventRecord(
      messageItem(
        {
          mid: `m_${kind}_${round}_${n}`.padEnd(164, 'x'),
          text: 'Do you ship to Malmö? I need it by Friday.',
        },
        { sender: { id: `${kind === 'lone' ? 4 : 5}00000${n % people}` }, timestamp: Date.now() + n },
      ),
      { id: `sqs-${n}`, receivedAtMs: Date.now() },
    ),
  );
  return { Records: records };
}

async function store(batch: SQSEvent): Promise<void> {
  const { batchItemFailures } = await silently(() => handler(batch, context));
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events were not stored`);
}

/** One item a record, of its size, with no condition and no index. */
async function put(batch: SQSEvent): Promise<void> {
  await Promise.all(
    batch.Records.map(({ body }) =>
      table.send(
        new PutCommand({
          TableName: variables.TABLE_NAME,
          Item: { pk: `bench#${randomUUID()}`, sk: 'put', body },
        }),
      ),
    ),
  );
}
