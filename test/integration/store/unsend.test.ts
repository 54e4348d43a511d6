import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { arn, queueUrl } from '../../../infra/local/identities.ts';
import { type Queues, startQueues } from '../../../infra/local/queues.ts';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { sendLedger } from '../../../shared/sending/send-ledger.ts';
import { type SendId, type SendRow, threadOf } from '../../../shared/sending/send-row.ts';
import { toQueuedSends } from '../../../shared/sending/sent-event.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord, queueRecord } from '../../builders/queue-record.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId, echoItem, messageItem } from '../../builders/webhook.ts';

/** In every text, name of a file and reaction that is told of the unsent message. */
const secret = 'UNSENT-4f1c';
const queueNames = ['events', 'dead', 'sends', 'reconcile', 'published'] as const;
type QueueName = (typeof queueNames)[number];

let table: TestTable;
let folder: string;
let queues: Queues;
let sqs: SQSClient;
let handle: (event: SQSEvent | Record<string, unknown>, context: Context) => Promise<SQSBatchResponse>;
let logged: string[];

const urlOf = (name: QueueName) => queueUrl(queues.url, name);

beforeEach(async () => {
  table = await startTable();
  folder = mkdtempSync(join(tmpdir(), 'unsend-'));
  queues = await startQueues(folder);
  for (const name of queueNames) queues.ensureQueue(name, {});
  // The first failure is the last.
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('sqs', 'dead'), maxReceiveCount: 1 });
  queues.ensureQueue('events', { RedrivePolicy });
  queues.ensureTopic('topic', [{ queueName: 'published', attributes: {} }]);
  sqs = new SQSClient({ endpoint: queues.url });
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queues.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SNS', queues.url);
  vi.stubEnv('EVENTS_TOPIC_ARN', arn('sns', 'topic'));
  vi.stubEnv('EVENTS_QUEUE_URL', urlOf('events'));
  vi.stubEnv('DEAD_LETTER_QUEUE_URL', urlOf('dead'));
  vi.stubEnv('SENDS_QUEUE_URL', urlOf('sends'));
  vi.stubEnv('RECONCILE_QUEUE_URL', urlOf('reconcile'));
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
  logged = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
  }
  await startConsumer(table.name);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  sqs.destroy();
  await queues.stop();
  rmSync(folder, { recursive: true });
  await table.stop();
});

async function startConsumer(tableName: string): Promise<void> {
  vi.stubEnv('TABLE_NAME', tableName);
  vi.resetModules();
  ({ handler: handle } = await import('../../../functions/store-events/handler.ts'));
}

const bodyOf = (item: unknown) => eventRecord(item).body;
const enqueue = (QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

/** What Lambda does with the queue: until nothing of it is left. */
async function consume(): Promise<void> {
  for (let batch = await receive('events'); batch.length > 0; batch = await receive('events')) {
    const Records = batch.map(({ Body = '', MessageId = '', ReceiptHandle = '' }) => ({
      ...queueRecord(Body, MessageId),
      receiptHandle: ReceiptHandle,
    }));
    const { batchItemFailures } = await handle({ Records }, lambdaContext);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId = '', ReceiptHandle } of batch) {
      const message = { QueueUrl: urlOf('events'), ReceiptHandle };
      await (failed.has(MessageId)
        ? sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 }))
        : sqs.send(new DeleteMessageCommand(message)));
    }
  }
}

/** Delivered one after the other. */
async function deliver(...bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    await enqueue(urlOf('events'), body);
    await consume();
  }
}

/** Delivered while the store is out of order, until it is a dead letter. */
async function failToDeliver(...bodies: readonly string[]): Promise<void> {
  await startConsumer('absent');
  await deliver(...bodies);
  await startConsumer(table.name);
  await consume();
}

async function receive(name: QueueName, VisibilityTimeout = 30): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10, VisibilityTimeout }),
  );
  return Messages;
}

/** Where the text of the message is found: in which item, queue, published event or log line. */
async function places(): Promise<string[]> {
  const found: string[] = [];
  const client = new DynamoDBClient({ endpoint: table.endpoint });
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table.name })) {
    for (const item of Items) if (holdsText(JSON.stringify(item))) found.push(`item ${item.sk?.S}`);
  }
  client.destroy();
  for (const name of queueNames) {
    const seen = new Map<string | undefined, Message>();
    for (let batch = await receive(name); batch.length > 0; batch = await receive(name)) {
      for (const message of batch) seen.set(message.MessageId, message);
    }
    for (const { Body, ReceiptHandle } of seen.values()) {
      if (holdsText(Body ?? '')) found.push(`queue ${name}`);
      const message = { QueueUrl: urlOf(name), ReceiptHandle };
      await sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 }));
    }
  }
  expect(logged.join('')).toContain('"message":"events stored"');
  if (holdsText(logged.join(''))) found.push('log');
  return found;
}

const holdsText = (text: string) => text.includes(secret);

const deadLetters = async () => (await receive('dead', 0)).map(({ Body }) => Body);
const sweep = () => handle({ 'detail-type': 'Scheduled Event' }, lambdaContext);

const atMs = 1760000000123;
const message = bodyOf(
  messageItem({
    mid: 'm1',
    text: `Never mind ${secret}`,
    attachments: [{ type: 'image', payload: { url: `https://cdn.example/${secret}`, hologram: secret } }],
    hologram: { of: secret },
  }),
);
const parties = { sender: { id: customerId }, recipient: { id: accountId } };
const edit = bodyOf({
  ...parties,
  timestamp: atMs + 1,
  message_edit: { mid: 'm1', text: `Edited ${secret}`, num_edit: 1 },
});
const reaction = bodyOf({
  ...parties,
  timestamp: atMs + 2,
  reaction: { mid: 'm1', action: 'react', reaction: secret, emoji: secret },
});
const foundAtMeta = JSON.stringify({
  v: 1,
  source: 'graph',
  account_id: accountId,
  customer_id: customerId,
  read_at: atMs + 3000,
  finding: 'message',
  node: { id: 'm1', created_time: '2025-10-09T08:53:20+0000', from: { id: customerId }, message: secret },
});
const unsend = bodyOf(messageItem({ mid: 'm1', is_deleted: true }, { timestamp: atMs + 5 }));

describe("a customer's message", () => {
  test('is everywhere gone after its unsend', async () => {
    await deliver(message, edit, reaction, foundAtMeta);
    expect(await places()).toEqual(['item message#m1']);
    await deliver(unsend);
    expect(await places()).toEqual([]);
  });

  test('is not brought back by what comes after the unsend', async () => {
    await deliver(message, unsend, message, edit, reaction, foundAtMeta);
    expect(await places()).toEqual([]);
  });

  test('that comes after its unsend leaves no text', async () => {
    await deliver(unsend, message, edit, reaction, foundAtMeta);
    expect(await places()).toEqual([]);
  });

  test.each([
    ['then was unsent', [message, edit], [unsend]],
    ['after its unsend', [], [unsend, message]],
  ])(
    'that became a dead letter, %s, is taken out of the dead letters',
    async (_, before, [first, ...after]) => {
      await failToDeliver(...before);
      await deliver(first ?? '');
      await failToDeliver(...after);
      expect(new Set(await places())).toEqual(new Set(['queue dead']));
      await sweep();
      expect(await places()).toEqual([]);
      expect(await deadLetters()).toEqual([]);
      // What the letter told beside the text is kept: the tombstone has its place in the conversation.
      const key = { accountId: accountId as AccountId, customerId: customerId as CustomerId };
      const { items } = await conversationReader(table.client, table.name).messages(key, 10);
      expect(items).toMatchObject([{ id: 'm1', state: { deletedAtMs: atMs + 5, sentAt: { atMs } } }]);
    },
  );

  test('of which it is not known that it was unsent stays a dead letter, as does what cannot be read', async () => {
    const other = bodyOf(messageItem({ mid: 'm2', text: 'kept' }));
    const unreadable = '{"v":99,"source":"webhook"}';
    await failToDeliver(other, message, unreadable);
    await deliver(unsend);
    await sweep();
    expect(new Set(await deadLetters())).toEqual(new Set([other, unreadable]));
    await sweep();
    expect(await deadLetters()).toHaveLength(2);
  });

  test('that the store still refuses stays a dead letter until it does not', async () => {
    await failToDeliver(message);
    await deliver(unsend);
    await startConsumer('absent');
    await expect(sweep()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await startConsumer(table.name);
    expect(await deadLetters()).toEqual([message]);
    await sweep();
    expect(await deadLetters()).toEqual([]);
  });

  test('is in no published event', async () => {
    await deliver(message, edit, reaction, unsend, message);
    const types = new Set((await receive('published')).map(({ Body = '' }) => typeOfPublished(Body)));
    expect(types).toEqual(
      new Set(['message.received', 'message.edited', 'message.reacted', 'message.unsent']),
    );
    expect(await places()).toEqual([]);
  });
});

const typeOfPublished = (body: string) =>
  (JSON.parse((JSON.parse(body) as { Message: string }).Message) as { type: string }).type;

describe("the business's own message", () => {
  const row: SendRow = {
    sendId: 'send-1' as SendId,
    bodyHash: 'h',
    sentBy: { keyId: 'k', name: 'front desk', kind: 'human' },
    accountId: accountId as AccountId,
    addressee: { customerId: customerId as CustomerId },
    parts: ['m1', 'm2'].map((mid) => ({
      kind: 'text' as const,
      message: { text: `${mid === 'm1' ? secret : 'kept'} of ${mid}` },
    })),
    sentParts: ['m1', 'm2'].map((mid) => ({ messageId: mid as MessageId, recipientId: customerId, atMs })),
    state: { name: 'sent' },
    acceptedAtMs: atMs,
    deadlineMs: atMs + 60_000,
    isAsync: true,
    attempts: 1,
    isRecorded: false,
    revision: 0,
  };
  const [recorded = ''] = toQueuedSends(row).map((queued) => JSON.stringify(queued));
  const echo = bodyOf(echoItem({ mid: 'm1', text: secret }));
  const taken = bodyOf(echoItem({ mid: 'm1', is_deleted: true }, { timestamp: atMs + 5 }));
  const ledger = () => sendLedger(table.client, table.name);

  test.each([
    ['recorded, echoed, unsent', [recorded, echo, taken]],
    ['unsent, recorded, echoed', [taken, recorded, echo]],
    ['echoed, unsent, recorded', [echo, taken, recorded]],
    ['echoed, unsent, known by its claim alone', [echo, taken]],
  ])('%s: is gone from the conversation and from the send that made it', async (_, bodies) => {
    await ledger().accept(row);
    await ledger().claim(row.accountId, 'm1' as MessageId, row.sendId);
    await deliver(...bodies);
    expect(await places()).toEqual([]);
    const stored = await ledger().find(row.sendId);
    expect(stored).toMatchObject({
      ...row,
      isRecorded: expect.any(Boolean),
      revision: expect.any(Number),
      parts: [{ kind: 'text', message: {} }, row.parts[1]],
    });
  });

  test('unsent before the echo that tells what became of its send: is found, and taken out of it', async () => {
    const unknown: SendRow = {
      ...row,
      parts: row.parts.slice(0, 1).map((part) => ({ ...part, message: { text: secret } })),
      sentParts: [],
      state: {
        name: 'unknown',
        sinceMs: atMs,
        failure: { status: 504, code: 'outcome_unknown', message: 'x' },
      },
    };
    await ledger().accept(unknown);
    await threadQueues(table.client, table.name).leave(threadOf(unknown), unknown.sendId, 'unknown');
    await deliver(taken);
    expect(await places()).toEqual(['item send']);
    await deliver(echo);
    expect(await places()).toEqual([]);
    expect(await ledger().find(unknown.sendId)).toMatchObject({
      state: { name: 'sent' },
      sentParts: [{ messageId: 'm1', foundBy: 'content' }],
    });
  });
});
