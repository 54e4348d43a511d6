/**
 * Reading: `get-messages` and `conversations` by HTTP with 50 conversations of 20 messages, beside a bare query of the
 * SDK for the same items, and how often Meta was asked.
 *
 *   npm run bench -- --only reading
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { conversationPartition, inboxIndex, timelineIndex } from '../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { itemsOf, load } from '../builders/stored-in-bulk.ts';
import { accountId, messageItem } from '../builders/webhook.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { type Figure, median, progress, report, short, timed } from './figures.ts';

const people = 50;
const messagesEach = 20;
const rounds = 40;

const gateway = await startBenchGateway();
const partitions = Array.from({ length: people }, (_, n) => `${6_000_000_000 + n}` as CustomerId);
for (const [n, customerId] of partitions.entries()) {
  gateway.meta.customers.add({ id: customerId, username: `customer_${n}` });
  await load(
    gateway.table,
    gateway.tableName,
    await itemsOf({
      customer: { accountId: accountId as AccountId, customerId },
      deliveries: Array.from({ length: messagesEach }, (_, m) =>
        messageItem(
          { mid: `m_${n}_${m}`.padEnd(164, 'x'), text: `Do you ship to Malmö? ${m}` },
          { sender: { id: customerId }, timestamp: Date.now() - (n * messagesEach + m) * 1000 },
        ),
      ),
      person: { username: `customer_${n}`, name: `Customer ${n}` },
    }),
  );
}

const figures: Figure[] = [];
for (const [path, bare] of [
  ['/api/get-messages?limit=50', everything],
  ['/api/conversations?limit=50', inbox],
] as const) {
  const took = { ours: [] as number[], bare: [] as number[] };
  await ask(path);
  const callsBefore = gateway.meta.calls.length;
  for (let round = 0; round < rounds; round += 1) {
    progress(`${path} ${round}`);
    took.ours.push(await timed(() => ask(path)));
    took.bare.push(await timed(bare));
  }
  const [ours, theirs] = [median(took.ours), median(took.bare)];
  figures.push({
    what: `GET ${path}, beside a bare query for the same items`,
    measured: `${(ours / theirs).toFixed(2)} ×`,
    beside: `${short(ours)} / ${short(theirs)} ms`,
  });
  figures.push({
    what: `calls to Meta in ${rounds} of them`,
    measured: String(gateway.meta.calls.length - callsBefore),
  });
}
progress('');
await gateway.stop();
report(figures);

async function ask(path: string): Promise<void> {
  const answer = await fetch(`${gateway.url}${path}`, {
    headers: { authorization: `Bearer ${gateway.apiKey}` },
  });
  const { data } = (await answer.json()) as { data?: readonly unknown[] };
  if (data?.length !== people) throw new Error(`${path} answered ${answer.status} with ${data?.length}`);
}

async function inbox(): Promise<void> {
  await gateway.table.send(
    new QueryCommand({
      TableName: gateway.tableName,
      IndexName: inboxIndex,
      KeyConditionExpression: 'inbox_key = :key',
      ExpressionAttributeValues: { ':key': accountId },
      ScanIndexForward: false,
      Limit: people,
    }),
  );
}

/** The inbox, then the newest messages of each conversation, ten at a time. */
async function everything(): Promise<void> {
  await inbox();
  const waiting = [...partitions];
  const next = async (): Promise<void> => {
    for (let customerId = waiting.pop(); customerId; customerId = waiting.pop()) {
      await gateway.table.send(
        new QueryCommand({
          TableName: gateway.tableName,
          IndexName: timelineIndex,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: {
            ':pk': conversationPartition({ accountId: accountId as AccountId, customerId }),
          },
          ScanIndexForward: false,
          Limit: messagesEach,
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: 10 }, next));
}
