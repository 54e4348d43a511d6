import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { arn, queueUrl } from '../../../infra/local/identities.ts';
import { type Queues, startQueues } from '../../../infra/local/queues.ts';
import { exportCustomer } from '../../../infra/operate/customer/export-customer.ts';
import {
  type CustomerParts,
  countHeld,
  forgetCustomer,
} from '../../../infra/operate/customer/forget-customer.ts';
import type { ItemKind } from '../../../infra/operate/customer/held-items.ts';
import type { GatewayQueue } from '../../../infra/operate/queues/gateway-queues.ts';
import { aliasStore } from '../../../shared/conversations/alias-store.ts';
import { contactStore } from '../../../shared/conversations/contact-store.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { reconcileStore } from '../../../shared/reconcile/reconcile-store.ts';
import { sendLedger } from '../../../shared/sending/send-ledger.ts';
import { type SendId, type SendRow, type SendState, threadOf } from '../../../shared/sending/send-row.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord, queueRecord } from '../../builders/queue-record.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId, echoItem, messageItem } from '../../builders/webhook.ts';

/** In every text, name and reaction of the customer. */
const secret = 'FORGET-9b2e';
const secondId = '7777000011112222';
const otherId = '5555000011112222';
const account = accountId as AccountId;
const person = { accountId: account, customerId: customerId as CustomerId };
const second = { accountId: account, customerId: secondId as CustomerId };
const other = { accountId: account, customerId: otherId as CustomerId };
const queueNames = ['events', 'events-dead', 'sends', 'lookups', 'lookups-dead', 'published'] as const;
type QueueName = (typeof queueNames)[number];

let table: TestTable;
let folder: string;
let queues: Queues;
let sqs: SQSClient;
let handle: (event: SQSEvent) => Promise<SQSBatchResponse>;
let logged: string[];

const urlOf = (name: QueueName) => queueUrl(queues.url, name);

beforeEach(async () => {
  table = await startTable();
  folder = mkdtempSync(join(tmpdir(), 'forget-'));
  queues = await startQueues(folder);
  for (const name of queueNames) queues.ensureQueue(name, {});
  queues.ensureTopic('topic', [{ queueName: 'published', attributes: {} }]);
  sqs = new SQSClient({ endpoint: queues.url });
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queues.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SNS', queues.url);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', arn('sns', 'topic'));
  vi.stubEnv('EVENTS_QUEUE_URL', urlOf('events'));
  vi.stubEnv('SENDS_QUEUE_URL', urlOf('sends'));
  vi.stubEnv('RECONCILE_QUEUE_URL', urlOf('lookups'));
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
  logged = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
  }
  await startConsumer();
});

/** In a process of its own: one that stored before the very first forgetting believes for moments that nobody was. */
async function startConsumer(): Promise<void> {
  vi.resetModules();
  const { handler } = await import('../../../functions/store-events/handler.ts');
  handle = (event) => handler(event, lambdaContext);
}

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  sqs.destroy();
  await queues.stop();
  rmSync(folder, { recursive: true });
  await table.stop();
});

const bodyOf = (item: unknown, receivedAtMs = atMs + 400) => eventRecord(item, { receivedAtMs }).body;

async function store(...bodies: readonly string[]): Promise<void> {
  const Records = bodies.map((body, place) => queueRecord(body, `sqs-${place}`));
  expect(await handle({ Records })).toEqual({ batchItemFailures: [] });
}

async function enqueue(name: QueueName, ...bodies: readonly unknown[]): Promise<void> {
  for (const body of bodies) {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody }));
  }
}

/** Takes all that a queue shows. */
async function drain(name: QueueName): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body = '', ReceiptHandle } of Messages as Message[]) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf(name), ReceiptHandle }));
    }
  }
}

const atMs = 1760000000123;
const from = (id: string, text: string, mid: string, timestamp = atMs) =>
  bodyOf(messageItem({ mid, text }, { sender: { id }, timestamp }), timestamp + 300);
const lookup = (id: string) => ({ v: 1, task: 'profile', account_id: account, customer_id: id });
const wakeUp = (id: string) => ({ v: 1, account_id: account, thread: `${account}.${id}` });

function sendTo(id: string, sendId: string, state: SendState, mid?: string): SendRow {
  return {
    sendId: sendId as SendId,
    bodyHash: 'h',
    sentBy: { keyId: 'k', name: 'front desk', kind: 'human' },
    accountId: account,
    addressee: { customerId: id as CustomerId },
    parts: [{ kind: 'text', message: { text: `Dear ${id === otherId ? 'other' : secret}` } }],
    sentParts: mid ? [{ messageId: mid as MessageId, recipientId: id, atMs }] : [],
    state,
    acceptedAtMs: atMs,
    deadlineMs: atMs + 60_000,
    isAsync: true,
    attempts: 1,
    isRecorded: state.name === 'sent',
    revision: 0,
  };
}

const failure = { status: 400, code: 'x', message: 'x' };

/** A customer under two ids, with everything that may be held of one; and another customer with the same. */
async function fill(): Promise<void> {
  const contacts = contactStore(table.client, table.name);
  const ledger = sendLedger(table.client, table.name);
  const lines = threadQueues(table.client, table.name);
  await store(
    from(customerId, `Hello ${secret}`, 'm1'),
    bodyOf(echoItem({ mid: 'm2', text: `Hi ${secret}` }, { timestamp: atMs + 1 })),
    bodyOf({ ...parties, timestamp: atMs + 2, reaction: { mid: 'm2', action: 'react', emoji: secret } }),
    bodyOf({ ...parties, timestamp: atMs + 3, read: { mid: 'm2' } }),
    bodyOf({ ...parties, timestamp: atMs + 4, referral: { ref: secret } }),
    from(secondId, `Again ${secret}`, 'm3'),
    from(otherId, 'Who sells this?', 'o1'),
  );
  await contacts.put(person, { name: `Old ${secret}`, username: 'forgettable', readAtMs: atMs });
  await contacts.put(person, { name: `New ${secret}`, username: 'forgettable', readAtMs: atMs + 1 });
  await contacts.put(other, { name: 'Other', username: 'other', readAtMs: atMs });
  await aliasStore(table.client, table.name).link(second, person);
  for (const [row, mid] of [
    [sendTo(customerId, 's-sent', { name: 'sent' }, 'm2'), 'm2'],
    [sendTo(customerId, 's-failed', { name: 'failed', failure, isFinal: true }), undefined],
    [sendTo(secondId, 's-waiting', { name: 'accepted' }), undefined],
    [sendTo(otherId, 's-other', { name: 'sent' }, 'o2'), 'o2'],
  ] as const) {
    await ledger.accept(row);
    await lines.join(threadOf(row), row.sendId);
    if (mid) await ledger.claim(account, mid as MessageId, row.sendId);
  }
  await store(bodyOf({ hologram: { of: customerId, says: secret } }), bodyOf({ hologram: 'of nobody' }));
  await drain('published');
  await drain('lookups');
}

const parties = { sender: { id: customerId }, recipient: { id: accountId } };

const ofOther = {
  events: from(otherId, 'Still there?', 'o3'),
  'events-dead': from(otherId, `Is ${customerId} your number?`, 'o4'),
  sends: JSON.stringify(wakeUp(otherId)),
  lookups: JSON.stringify(lookup(otherId)),
  'lookups-dead': JSON.stringify(lookup(otherId)),
  published: JSON.stringify({ type: 'message.received', recipient_id: otherId }),
};

/** What waits in the queues while the customer is forgotten. */
async function fillQueues(): Promise<void> {
  await enqueue('events', from(customerId, `On its way ${secret}`, 'm4'), ofOther.events);
  await enqueue('events-dead', from(customerId, `Dead ${secret}`, 'm5'), from(secondId, secret, 'm6'));
  await enqueue('events-dead', `{"v":99,"of":"${customerId}","text":"${secret}"}`, ofOther['events-dead']);
  await enqueue('sends', wakeUp(customerId), ofOther.sends);
  await enqueue('lookups', lookup(secondId), ofOther.lookups);
  await enqueue('lookups-dead', lookup(customerId), ofOther['lookups-dead']);
  const published = { Type: 'Notification', Message: JSON.stringify({ recipient_id: customerId }) };
  await enqueue('published', published, ofOther.published);
}

function partsOf(asked = person, overrides: Partial<CustomerParts> = {}): CustomerParts {
  const named = (name: QueueName, sources: readonly GatewayQueue[] = []): GatewayQueue => ({
    name,
    url: urlOf(name),
    sources,
    waiting: 0,
  });
  const [events, lookups] = [named('events'), named('lookups')];
  return {
    client: table.client,
    tableName: table.name,
    sqs,
    queues: [
      events,
      named('events-dead', [events]),
      named('sends'),
      lookups,
      named('lookups-dead', [lookups]),
      named('published'),
    ],
    bucket: {
      url: 'http://127.0.0.1:1/none',
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    asked,
    onProgress: () => {},
    ...overrides,
  };
}

const isOfPerson = (value: unknown) =>
  [secret, customerId, secondId].some((trace) => JSON.stringify(value).includes(trace));
const itemsOfPerson = async () =>
  (await table.items()).filter(isOfPerson).map(({ pk, sk }) => `${String(pk)} ${String(sk)}`);

const held = {
  items: new Map<ItemKind, number>([
    ['message', 4],
    ['send', 3],
    ['claim of a send', 1],
    ['line of sends', 2],
    ['entry without a conversation', 1],
    ['search entry', 4],
    ['contact', 1],
    ['summary', 2],
    ['alias', 1],
  ]),
  queued: new Map([
    ['events', 1],
    ['events-dead', 3],
    ['sends', 1],
    ['lookups', 1],
    ['lookups-dead', 1],
    ['published', 1],
  ]),
  uploads: 0,
  unsent: 1,
  kept: 0,
  mentions: 0,
  unseen: [],
};

describe('after a customer is forgotten', () => {
  test.each([
    ['the id that works', person],
    ['an alias', second],
  ])(
    'by %s, their ids and texts are in no item, queue, dead letter or log, and all else is as it was',
    async (_, asked) => {
      await fill();
      const others = (await table.items()).filter(
        (item) =>
          !isOfPerson(item) && !String(item.pk).startsWith('claim#') && !String(item.sk).includes('m2'),
      );
      await fillQueues();
      expect(await countHeld(partsOf(asked))).toEqual(held);
      const { hashes, ...erased } = await forgetCustomer(partsOf(asked), 0);
      expect(erased).toEqual(held);
      expect(hashes).toHaveLength(2);
      expect(await itemsOfPerson()).toEqual([]);
      expect(await table.items()).toEqual(expect.arrayContaining(others));
      for (const name of queueNames) expect([name, await drain(name)]).toEqual([name, [ofOther[name]]]);
      expect(logged.join('')).toContain('"message":"events stored"');
      expect(isOfPerson(logged.join(''))).toBe(false);
    },
  );

  test('nothing of before comes back, late or found at Meta; what they write anew is received', async () => {
    await fill();
    await forgetCustomer(partsOf(), 0);
    await startConsumer();
    const inFlight = JSON.stringify({
      v: 1,
      source: 'graph',
      account_id: account,
      customer_id: secondId,
      read_at: Date.now() + 60_000,
      finding: 'message',
      node: { id: 'm3', created_time: '2025-10-09T08:53:20+0000', from: { id: secondId }, message: secret },
    });
    await store(
      from(customerId, secret, 'm1'),
      from(secondId, secret, 'm7'),
      inFlight,
      from(otherId, 'me', 'o5'),
    );
    expect(await itemsOfPerson()).toEqual([]);
    expect(logged.join('')).toContain('"outdated":3');
    await store(from(customerId, 'A new day', 'm8', Date.now() + 1000));
    expect(await itemsOfPerson()).toEqual([
      `conversation#${account}#${customerId} message#m8`,
      `conversation#${account}#${customerId} summary`,
    ]);
    // And forgotten again.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const again = await forgetCustomer(partsOf(), 0);
    expect([...again.items]).toEqual([
      ['message', 1],
      ['summary', 1],
    ]);
    expect(await itemsOfPerson()).toEqual([]);
  });

  test('a second time, there is nothing', async () => {
    await fill();
    await forgetCustomer(partsOf(), 0);
    const { hashes: _, ...again } = await forgetCustomer(partsOf(), 0);
    expect(again).toEqual({ ...held, items: new Map(), queued: new Map(), unsent: 0 });
  });

  test('what they write while it is done stays, with what leads to it', async () => {
    await fill();
    await store(from(customerId, 'Wait, one more thing', 'm9', Date.now() + 60_000));
    const { kept } = await forgetCustomer(partsOf(), 0);
    expect(kept).toBeGreaterThan(1);
    expect(await itemsOfPerson()).toContain(`conversation#${account}#${customerId} message#m9`);
    expect(await itemsOfPerson()).not.toContain(`conversation#${account}#${customerId} message#m1`);
  });
});

describe('forgetting', () => {
  test.each([
    ['the id that works', person],
    ['an alias', second],
  ])('by %s, ended before any erasure, is completed by the next', async (_, asked) => {
    await fill();
    // Each run ends one item later than the one before.
    for (let survived = 0; ; survived += 1) {
      let left = survived;
      const send = table.client.send.bind(table.client);
      const mortal = vi.spyOn(table.client, 'send').mockImplementation((async (
        command: BatchWriteCommand,
      ) => {
        if (!(command instanceof BatchWriteCommand)) return send(command);
        for (const request of command.input.RequestItems?.[table.name] ?? []) {
          if (left === 0) throw new Error('killed');
          left -= 1;
          await send(new BatchWriteCommand({ RequestItems: { [table.name]: [request] } }));
        }
        return {};
      }) as never);
      const isDone = await forgetCustomer(partsOf(asked, { queues: [] }), 0).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('killed');
          return false;
        },
      );
      mortal.mockRestore();
      if (isDone) break;
      expect(survived).toBeLessThan(30);
    }
    expect(await itemsOfPerson()).toEqual([]);
  });

  test('waits for a reconciliation, and for a message that is being sent', async () => {
    await fill();
    const lock = await reconcileStore(table.client, table.name, account).lock();
    await expect(forgetCustomer(partsOf(), 0)).rejects.toMatchObject({
      message: expect.stringContaining('reconciliation'),
    });
    await lock.release();
    await threadQueues(table.client, table.name).lease(`${account}.${customerId}` as never, {
      owner: 'a process',
      forMs: 60_000,
    });
    await expect(forgetCustomer(partsOf(), 0)).rejects.toMatchObject({
      message: expect.stringContaining('being sent'),
    });
    expect((await countHeld(partsOf())).items).toEqual(held.items);
  });
});

test('an export holds each item, letter and id of the customer, and nothing of others', async () => {
  await fill();
  await fillQueues();
  const lines = await exportCustomer(partsOf());
  const kinds = Map.groupBy(lines, ({ kind }) => kind);
  for (const [kind, count] of held.items) expect([kind, kinds.get(kind)?.length]).toEqual([kind, count]);
  expect(kinds.get('dead letter')).toHaveLength(4);
  expect(kinds.get('queued message')).toHaveLength(4);
  expect(lines.find(({ data }) => (data as { sk?: string }).sk === 'message#m1')).toMatchObject({
    kind: 'message',
    data: { text: `Hello ${secret}`, content: { kind: 'text' } },
  });
  expect(kinds.get('send')?.[0]).toMatchObject({ data: { row: { sentBy: { name: 'front desk' } } } });
  expect(JSON.stringify(lines)).not.toContain(otherId);
  // It changed nothing.
  expect(await exportCustomer(partsOf())).toHaveLength(lines.length);
});
