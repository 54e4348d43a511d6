/**
 * What each call of the API takes, reading and sending, and the storing of what was sent: read and write units as AWS's
 * own DynamoDB Local counts them, requests of the other services, calls to Meta, bytes of log, and the function's time.
 * 50 conversations of 20 messages are stored, and the process has answered before: the first answer of a process reads
 * the API key besides, half a unit.
 *
 *   npm run bench -- --only operations
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { conversationId } from '../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { reconcilePartition, reconcileStore } from '../../shared/reconcile/reconcile-store.ts';
import type { HttpHandler } from '../../shared/runtime/http/public-handler.ts';
import { keyStore, newKey } from '../../shared/runtime/keys.ts';
import { eventRecord, queueRecord } from '../builders/queue-record.ts';
import { itemsOf, load } from '../builders/stored-in-bulk.ts';
import { accountId, echoItem, messageItem } from '../builders/webhook.ts';
import { type ApiCall, apiEvent } from './api-event.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { accessLogBytes, countUsage, platformLogBytes, type Used } from './count-usage.ts';
import { startCountedEngine } from './counted-engine.ts';
import { type Figure, median, progress, report } from './figures.ts';
import { becomeFunction, context } from './in-process.ts';
import { costOfAMillion } from './prices.ts';

const people = 50;
const messagesEach = 20;
const rounds = 10;
const functionNames = [
  'get-messages',
  'list-conversations',
  'list-messages',
  'mark-read',
  'send-message',
  'get-send',
  'store-events',
] as const;
type FunctionName = (typeof functionNames)[number];

const gateway = await startBenchGateway();
const engine = await startCountedEngine(gateway);
const memoryMegabytes = new Map<FunctionName, number>();
for (const name of functionNames) {
  memoryMegabytes.set(name, (await becomeFunction(gateway, name)).memoryMegabytes);
}
process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.endpoint;
const { handler: getMessages } = await import('../../functions/get-messages/handler.ts');
const { handler: listConversations } = await import('../../functions/list-conversations/handler.ts');
const { handler: listMessages } = await import('../../functions/list-messages/handler.ts');
const { handler: markRead } = await import('../../functions/mark-read/handler.ts');
const { handler: sendMessage } = await import('../../functions/send-message/handler.ts');
const { handler: getSend } = await import('../../functions/get-send/handler.ts');
const { handler: storeEvents } = await import('../../functions/store-events/handler.ts');
const { dynamodb } = await import('../../shared/runtime/clients/dynamodb.ts');
const { sqs } = await import('../../shared/runtime/clients/sqs.ts');
const { sns } = await import('../../shared/runtime/clients/sns.ts');

const key = newKey();
const comparing = reconcileStore(dynamodb(), gateway.tableName, accountId as AccountId);
const customers = Array.from({ length: people }, (_, n) => ({
  accountId: accountId as AccountId,
  customerId: `${6_000_000_000 + n}` as CustomerId,
}));
await fillStore();

interface Taken extends Used {
  readonly metaCalls: number;
  readonly tookMs: number;
}
interface Operation {
  readonly by: FunctionName;
  readonly taken: Taken[];
}
const meter = countUsage({ dynamodb: dynamodb(), sqs: sqs(), sns: sns() });
const operations = new Map<string, Operation>();
for (const [n, customer] of customers.slice(0, rounds + 1).entries()) {
  progress(`round ${n} of ${rounds}`);
  // The first answers of a process read what is remembered from then on.
  if (n === 1) operations.clear();
  await operateOn(customer.customerId, n);
}
progress('');
engine.stop();
await gateway.stop();
report([...operations].map(([what, operation]) => figureOf(what, operation)));

/** Everything once, with one conversation. */
async function operateOn(customerId: CustomerId, n: number): Promise<void> {
  const id = conversationId({ accountId: accountId as AccountId, customerId });
  const everything: ApiCall = { method: 'GET', path: '/api/get-messages' };
  await comparedAt(Date.now());
  await ask(
    'the 25 newest conversations with all of their messages',
    getMessages,
    'get-messages',
    everything,
  );
  await comparedAt(Date.now() - 60_000);
  await ask('the same, when nobody asked for ten seconds', getMessages, 'get-messages', everything);
  await ask('the 25 newest conversations', listConversations, 'list-conversations', {
    method: 'GET',
    path: '/api/conversations',
  });
  await ask('a conversation of 20 messages', listMessages, 'list-messages', {
    method: 'GET',
    path: '/api/conversations/{id}/messages',
    parameters: { id },
  });
  const body = { up_to: messageId(n, 0) };
  const path = '/api/conversations/{id}/read';
  await ask('the read mark, moved', markRead, 'mark-read', {
    method: 'POST',
    path,
    parameters: { id },
    body,
  });

  const text = `Yes, we do. ${n}`;
  const send: ApiCall = {
    method: 'POST',
    path: '/api/send-message',
    headers: { 'idempotency-key': `bench-${n}` },
    body: { recipient_id: customerId, message: text },
  };
  meter.takeQueued();
  const sent = await ask('a text, with an Idempotency-Key', sendMessage, 'send-message', send);
  const recorded = meter.takeQueued().map((queued) => queueRecord(queued));
  await store('what was sent, into its conversation', recorded);
  const echo = echoItem(
    { mid: String(sent.message_id), text },
    { recipient: { id: customerId }, timestamp: Date.now() },
  );
  await store('its echo, which Meta sends', [eventRecord(echo, { receivedAtMs: Date.now() })]);
  await ask('the same text again, with the same key', sendMessage, 'send-message', send);
  await ask('what became of a send', getSend, 'get-send', {
    method: 'GET',
    path: '/api/sends/{send_id}',
    parameters: { send_id: String(sent.send_id) },
  });
}

async function ask(
  what: string,
  handler: HttpHandler,
  by: FunctionName,
  call: ApiCall,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await measured(`${call.method} ${call.path}: ${what}`, by, () =>
    handler(apiEvent(key, call), context),
  );
  const { statusCode, body = '' } = answer;
  if (statusCode !== 200) throw new Error(`${by} answered ${statusCode}: ${body}`);
  return JSON.parse(body) as Record<string, unknown>;
}

async function store(what: string, Records: Parameters<typeof storeEvents>[0]['Records']): Promise<void> {
  const { batchItemFailures } = await measured(`store-events: ${what}`, 'store-events', () =>
    storeEvents({ Records }, context),
  );
  if (batchItemFailures.length > 0) throw new Error(`${what} was not stored`);
}

async function measured<T>(what: string, by: FunctionName, act: () => Promise<T>): Promise<T> {
  meter.take();
  const callsBefore = gateway.meta.calls.length;
  const { answer, tookMs } = await meter.run(act);
  const operation = operations.get(what) ?? { by, taken: [] };
  operation.taken.push({ ...meter.take(), tookMs, metaCalls: gateway.meta.calls.length - callsBefore });
  operations.set(what, operation);
  return answer;
}

function figureOf(what: string, { by, taken }: Operation): Figure {
  const isHttp = by !== 'store-events';
  const each = (name: keyof Taken) => taken.map((one) => one[name]);
  // A batch is received once and deleted once.
  const queueRequests = each('queueRequests').map((requests) => requests + (isHttp ? 0 : 2));
  const logBytes = each('logBytes').map((bytes) => bytes + platformLogBytes + (isHttp ? accessLogBytes : 0));
  const gigabyteSeconds = ((memoryMegabytes.get(by) ?? 0) / 1024) * (median(each('tookMs')) / 1000);
  const costs = costOfAMillion({
    httpRequests: isHttp ? 1 : 0,
    invocations: 1,
    gigabyteSeconds,
    queueRequests: median(queueRequests),
    writeUnits: median(each('writeUnits')),
    readUnits: median(each('readUnits')),
    publishRequests: median(each('publishRequests')),
    logBytes: median(logBytes),
  });
  const total = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
  return {
    what,
    measured: `${range(each('readUnits'))} read, ${range(each('writeUnits'))} write units`,
    beside: `requests: SQS ${range(queueRequests)}, SNS ${range(each('publishRequests'))}, Meta ${range(each('metaCalls'))}; ${median(logBytes)} bytes of log, ${(gigabyteSeconds * 1000).toFixed(2)} MB-s; a million cost ${total.toFixed(2)} $`,
  };
}

/** One number, where every call took as much. */
function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

/** As it is when the store was last compared with Meta then, and nobody asked for it since. */
async function comparedAt(atMs: number): Promise<void> {
  await comparing.saveRun({
    reconciled_at: new Date(atMs).toISOString(),
    threads_listed: people,
    threads_read: 0,
    messages_found: 0,
    gaps: { unreadable: 0, absent: 0 },
    threads_failed: 0,
    is_complete: true,
  });
  const Key = { pk: reconcilePartition(accountId as AccountId), sk: 'wake' };
  await dynamodb().send(new DeleteCommand({ TableName: gateway.tableName, Key }));
}

async function fillStore(): Promise<void> {
  await keyStore(dynamodb(), gateway.tableName).put(key, {
    name: 'bench',
    kind: 'bot',
    roles: ['read', 'send'],
  });
  for (const [n, customer] of customers.entries()) {
    const { customerId } = customer;
    gateway.meta.customers.add({ id: customerId, username: `customer_${n}` });
    gateway.meta.customers.write(customerId, { text: 'Do you ship to Malmö?' });
    const items = await itemsOf({
      customer,
      deliveries: Array.from({ length: messagesEach }, (_, m) =>
        messageItem(
          { mid: messageId(n, m), text: `Do you ship to Malmö? I need it by Friday. ${m}` },
          { sender: { id: customerId }, timestamp: Date.now() - (n * messagesEach + m + 1) * 1000 },
        ),
      ),
      person: { username: `customer_${n}`, name: `Customer ${n}` },
    });
    await load(
      dynamodb(),
      gateway.tableName,
      items.filter(({ pk }) => pk !== 'accounts' || n === 0),
    );
  }
}

/** The newest has the number 0. */
function messageId(conversation: number, message: number): string {
  return `m_${conversation}_${message}`.padEnd(164, 'x');
}
