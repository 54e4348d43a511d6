/**
 * Growth: what the newest page of a conversation and storing one more message take when it holds ten, a hundred and three
 * hundred thousand messages, on AWS's own engine.
 *
 *   npm run bench -- --only growth
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { conversationId } from '../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { keyStore, newKey } from '../../shared/runtime/keys.ts';
import { eventRecord } from '../builders/queue-record.ts';
import { countReads } from '../builders/read-cost.ts';
import { itemsOf, load } from '../builders/stored-in-bulk.ts';
import { accountId, messageItem } from '../builders/webhook.ts';
import { apiEvent } from './api-event.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { startCountedEngine } from './counted-engine.ts';
import { type Figure, median, progress, report, short } from './figures.ts';
import { becomeFunction, context, silently } from './in-process.ts';

const sizes = [10_000, 100_000, 300_000];
const chunk = 1_000;
const rounds = 20;
const firstAtMs = 1_700_000_000_000;
const customer = { accountId: accountId as AccountId, customerId: '1234567890' as CustomerId };

const gateway = await startBenchGateway();
const engine = await startCountedEngine(gateway);
await becomeFunction(gateway, 'store-events');
await becomeFunction(gateway, 'list-messages');
process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.endpoint;
const { handler: listMessages } = await import('../../functions/list-messages/handler.ts');
const { handler: storeEvents } = await import('../../functions/store-events/handler.ts');
const { dynamodb } = await import('../../shared/runtime/clients/dynamodb.ts');
const key = newKey();
await keyStore(dynamodb(), gateway.tableName).put(key, { name: 'bench', kind: 'bot', roles: ['read'] });
const read = countReads(dynamodb());

const figures: Figure[] = [];
const unitsOf: number[] = [];
let held = 0;
for (const size of sizes) {
  for (; held < size; held += chunk) {
    progress(`${held} of ${sizes.at(-1)} messages stored`);
    const deliveries = Array.from({ length: chunk }, (_, n) => message(held + n));
    const items = await itemsOf({ customer, deliveries });
    await load(
      dynamodb(),
      gateway.tableName,
      items.filter(({ pk }) => pk !== 'accounts' || held === 0),
    );
  }
  await page();
  const pages = [];
  for (let round = 0; round < rounds; round += 1) pages.push(await page());
  const stored = [];
  for (let round = 0; round < rounds; round += 1) stored.push(await storeOne(size + round));
  unitsOf.push(...new Set(pages.map(({ units }) => units)));
  figures.push({
    what: `${size.toLocaleString('en-US')} messages: the newest page`,
    measured: `${pages[0]?.units} read units`,
    beside: `${short(median(pages.map(({ tookMs }) => tookMs)))} ms; one more message stored in ${short(median(stored))} ms`,
  });
}
progress('');
figures.push({
  what: 'read units at each size',
  measured: [...new Set(unitsOf)].join(', '),
  target: 'the same',
  isMet: new Set(unitsOf).size === 1,
});
engine.stop();
await gateway.stop();
report(figures);

function message(n: number) {
  return messageItem(
    { mid: `m_${n}`.padEnd(164, 'x'), text: 'Do you ship to Oslo? '.repeat(4) },
    { sender: { id: customer.customerId }, timestamp: firstAtMs + n * 1000 },
  );
}

async function page(): Promise<{ readonly units: number; readonly tookMs: number }> {
  const startedAtMs = performance.now();
  const { answer, cost } = await read(() => silently(() => listMessages(pageEvent(), context)));
  const tookMs = performance.now() - startedAtMs;
  if (answer.statusCode !== 200) throw new Error(`list-messages answered ${JSON.stringify(answer)}`);
  return { units: cost.units, tookMs };
}

async function storeOne(n: number): Promise<number> {
  const startedAtMs = performance.now();
  await silently(() => storeEvents({ Records: [eventRecord(message(n))] }, context));
  return performance.now() - startedAtMs;
}

function pageEvent(): APIGatewayProxyEventV2 {
  return apiEvent(key, {
    method: 'GET',
    path: '/api/conversations/{id}/messages',
    parameters: { id: conversationId(customer) },
  });
}
