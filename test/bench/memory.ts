/**
 * Memory: the heap of each function that runs often, after 10,000 invocations and after 50,000, one after the other in
 * this process, each with its real handler. No two invocations are the same: ids, people, messages and requests differ.
 * So that it takes seconds, services are answered at their clients' edge: DynamoDB from memory (what it reads was read
 * from the table once), SQS, SNS and Meta by a constant.
 *
 *   npm run bench -- --only memory
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { keyStore, newKey } from '../../shared/runtime/keys.ts';
import { eventRecord } from '../builders/queue-record.ts';
import { itemsOf, load } from '../builders/stored-in-bulk.ts';
import { accountId, delivery, messageItem } from '../builders/webhook.ts';
import { type ApiCall, apiEvent } from './api-event.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { bounded, type Figure, progress, report, short } from './figures.ts';
import { becomeFunction, context, silently } from './in-process.ts';
import { replayTable } from './replayed-table.ts';
import { signedEvent } from './signed-event.ts';

const invocations = 50_000;
const earlyInvocations = 10_000;
/** In percent: of some 40 MB, the emulated services of this process among them. So 100 bytes an invocation may stay. */
const mostGrowth = 10;
const people = 5;
const messagesEach = 5;

const gateway = await startBenchGateway();
for (const name of [
  'receive-webhook',
  'store-events',
  'get-messages',
  'list-conversations',
  'send-message',
]) {
  await becomeFunction(gateway, name);
}
const { handler: receiveWebhook } = await import('../../functions/receive-webhook/handler.ts');
const { handler: storeEvents } = await import('../../functions/store-events/handler.ts');
const { handler: getMessages } = await import('../../functions/get-messages/handler.ts');
const { handler: listConversations } = await import('../../functions/list-conversations/handler.ts');
const { handler: sendMessage } = await import('../../functions/send-message/handler.ts');
const { dynamodb } = await import('../../shared/runtime/clients/dynamodb.ts');
const { sqs } = await import('../../shared/runtime/clients/sqs.ts');
const { sns } = await import('../../shared/runtime/clients/sns.ts');
const { graph } = await import('../../shared/instagram/graph-client.ts');

const key = newKey();
const summary = await fillTable();
sqs().send = async () => ({});
sns().send = async () => ({ Successful: [], Failed: [] });
let sends = 0;
graph.postWithHeaders = async () => {
  sends += 1;
  const value = { recipient_id: '1', message_id: `m_sent_${sends}`.padEnd(164, 'x') };
  return { value, headers: { date: new Date().toUTCString() } };
};
// A turn within Meta's limits that has come, for `send-message`; a conversation that was there, for `store-events`.
const table = replayTable(dynamodb(), { next_at: 0 });

const everything: ApiCall = { method: 'GET', path: '/api/get-messages' };
const inbox: ApiCall = { method: 'GET', path: '/api/conversations' };
const bodyOf = {
  everything: await silently(() => answerOf(() => getMessages(apiEvent(key, everything), context))),
  inbox: await silently(() => answerOf(() => listConversations(apiEvent(key, inbox), context))),
};
// Everybody that is written to has just written.
table.replay(({ pk, sk }) => (sk === 'summary' ? { ...summary, pk } : undefined));

const functions: Readonly<Record<string, (n: number) => Promise<void>>> = {
  'receive-webhook': async (n) => {
    await answerOf(() => receiveWebhook(signedEvent(delivery(message(n))), context));
  },
  'store-events': async (n) => {
    const { batchItemFailures } = await storeEvents({ Records: [eventRecord(message(n))] }, context);
    if (batchItemFailures.length > 0) throw new Error('An event was not stored');
  },
  'get-messages': async () => {
    same(await answerOf(() => getMessages(apiEvent(key, everything), context)), bodyOf.everything);
  },
  'list-conversations': async () => {
    same(await answerOf(() => listConversations(apiEvent(key, inbox), context)), bodyOf.inbox);
  },
  'send-message': async (n) => {
    const body = { recipient_id: customer(n), message: `Yes, we do. ${n}` };
    const call: ApiCall = { method: 'POST', path: '/api/send-message', body };
    await answerOf(() => sendMessage(apiEvent(key, call), context));
  },
};

const figures: Figure[] = [];
for (const [name, invoke] of Object.entries(functions)) {
  const heaps: number[] = [];
  const startedAtMs = performance.now();
  for (let n = 1; n <= invocations; n += 1) {
    await silently(() => invoke(n));
    table.forget();
    if (n % 1_000 === 0) {
      progress(`${name} ${n} of ${invocations}`);
      // Timers and sockets have their turn, as between two invocations.
      await turn();
    }
    if (n === earlyInvocations || n === invocations) heaps.push(heapUsed());
  }
  const [early = 0, late = 0] = heaps;
  const seconds = (performance.now() - startedAtMs) / 1000;
  figures.push(
    bounded(
      `${name}: heap more after ${invocations.toLocaleString('en-US')} invocations than after ${earlyInvocations.toLocaleString('en-US')}`,
      (late / early - 1) * 100,
      { most: mostGrowth },
      '%',
      `${short(late / 1e6)} / ${short(early / 1e6)} MB, in ${short(seconds)} s`,
    ),
  );
}
progress('');
if (sends < invocations) throw new Error(`Of ${invocations} sends ${sends} reached Meta`);
await gateway.stop();
report(figures);

/** Of another customer each time, with another message. */
function message(n: number) {
  return messageItem(
    { mid: `m_memory_${n}`.padEnd(164, 'x'), text: `Do you ship to Malmö? I would need it by Friday. ${n}` },
    { sender: { id: customer(n) }, timestamp: 1_760_000_000_000 + n },
  );
}

function customer(n: number): string {
  return `${7_000_000_000 + n}`;
}

/** The body of an answer, which must be one of success. */
async function answerOf(act: () => Promise<APIGatewayProxyStructuredResultV2>): Promise<string> {
  const { statusCode, body = '' } = await act();
  if (statusCode !== 200) throw new Error(`Answered ${statusCode}: ${body}`);
  return body;
}

/** In length, since it tells how long a reply window is open. */
function same(body: string, recorded: string): void {
  if (body.length !== recorded.length)
    throw new Error(`Answered ${body.length} characters, not ${recorded.length}`);
}

/** @returns the summary of a conversation. */
async function fillTable(): Promise<Readonly<Record<string, unknown>>> {
  await keyStore(dynamodb(), gateway.tableName).put(key, {
    name: 'bench',
    kind: 'bot',
    roles: ['read', 'send'],
  });
  const conversations = await Promise.all(
    Array.from({ length: people }, (_, n) => {
      const customerId = `${8_000_000_000 + n}` as CustomerId;
      return itemsOf({
        customer: { accountId: accountId as AccountId, customerId },
        deliveries: Array.from({ length: messagesEach }, (__, m) =>
          messageItem(
            { mid: `m_stored_${n}_${m}`.padEnd(164, 'x'), text: `Do you ship to Malmö? ${m}` },
            { sender: { id: customerId }, timestamp: Date.now() - (n * messagesEach + m + 1) * 1000 },
          ),
        ),
        person: { username: `customer_${n}`, name: `Customer ${n}` },
      });
    }),
  );
  const accounts = conversations[0]?.filter(({ pk }) => pk === 'accounts') ?? [];
  const items = conversations.flat().filter(({ pk }) => pk !== 'accounts');
  await load(dynamodb(), gateway.tableName, [...accounts, ...items]);
  const found = items.find(({ sk }) => sk === 'summary');
  if (!found) throw new Error('No summary was made');
  return found;
}

function heapUsed(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
