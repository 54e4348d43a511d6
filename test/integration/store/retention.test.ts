import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import { messageStore } from '../../../shared/conversations/message-store.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { sendLedger } from '../../../shared/sending/send-ledger.ts';
import type { SendId, SendRow } from '../../../shared/sending/send-row.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { eventRecord } from '../../builders/queue-record.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId, messageItem } from '../../builders/webhook.ts';

const dayMs = 24 * 60 * 60 * 1000;
const atMs = 1760000000123;
const key = { accountId: accountId as AccountId, customerId: customerId as CustomerId };

let table: TestTable;
let handle: (event: SQSEvent) => Promise<unknown>;

beforeEach(async () => {
  mockClient(SNSClient).on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  mockClient(SQSClient).on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  vi.useFakeTimers({ toFake: ['Date'], now: atMs + 1000 });
  table = await startTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  vi.stubEnv('RECONCILE_QUEUE_URL', 'http://127.0.0.1:1/000000000000/reconcile');
  vi.resetModules();
  const { handler } = await import('../../../functions/store-events/handler.ts');
  handle = (event) => handler(event, lambdaContext);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await table.stop();
});

const store = (mid: string, timestamp: number, receivedAtMs = timestamp + 300) =>
  handle({ Records: [eventRecord(messageItem({ mid, text: mid }, { timestamp }), { receivedAtMs })] });
const shown = async () => {
  const reader = conversationReader(table.client, table.name);
  const [{ items }, inbox] = [await reader.messages(key, 10), await reader.inbox(10)];
  return { messages: items.map(({ id }) => id), conversations: inbox.items.length };
};
const expiries = async () =>
  Object.fromEntries(
    (await table.items()).flatMap(({ sk, expires_at }) => (expires_at ? [[sk, expires_at]] : [])),
  );
const expiry = (days: number, fromMs = atMs) => Math.floor((fromMs + days * dayMs) / 1000);

test('without the setting nothing of a conversation ever goes', async () => {
  await store('m1', atMs);
  expect(await expiries()).toEqual({});
  vi.setSystemTime(atMs + 10_000 * dayMs);
  expect(await shown()).toEqual({ messages: ['m1'], conversations: 1 });
});

describe('with a lifetime of 30 days', () => {
  beforeEach(() => vi.stubEnv('MESSAGE_RETENTION_DAYS', '30'));

  test('a message goes 30 days after it was sent, whatever is told of it later; the conversation with its newest', async () => {
    await store('m1', atMs);
    await handle({
      Records: [
        eventRecord(
          {
            sender: { id: customerId },
            recipient: { id: accountId },
            timestamp: atMs + 5 * dayMs,
            reaction: { mid: 'm1', action: 'react', emoji: 'x' },
          },
          { receivedAtMs: atMs + 5 * dayMs },
        ),
      ],
    });
    await store('m2', atMs + 10 * dayMs);
    expect(await expiries()).toEqual({
      'message#m1': expiry(30),
      'message#m2': expiry(40),
      summary: expiry(40),
    });
    vi.setSystemTime(atMs + 30 * dayMs + 1000);
    expect(await shown()).toEqual({ messages: ['m2'], conversations: 1 });
    vi.setSystemTime(atMs + 40 * dayMs + 1000);
    expect(await shown()).toEqual({ messages: [], conversations: 0 });
    expect(await conversationReader(table.client, table.name).find(key)).toBeUndefined();
  });

  test('what is older when it comes is not stored, and a late delivery of a younger one is', async () => {
    await store('old', atMs - 31 * dayMs, atMs);
    await store('young', atMs - 29 * dayMs, atMs);
    expect((await table.items()).map(({ sk }) => sk)).not.toContain('message#old');
    expect(await expiries()).toEqual({ 'message#young': expiry(1), summary: expiry(1) });
  });

  test('who writes without knowing the setting does not undo it', async () => {
    await store('m1', atMs);
    vi.stubEnv('MESSAGE_RETENTION_DAYS', '');
    await messageStore(table.client, table.name).save(key, 'm1' as MessageId, {
      via: [],
      deletedAtMs: atMs + 5,
    });
    expect(await expiries()).toMatchObject({ 'message#m1': expiry(30) });
  });

  test('when the setting is taken back, a conversation that goes on stays', async () => {
    await store('m1', atMs);
    vi.stubEnv('MESSAGE_RETENTION_DAYS', '');
    await store('m2', atMs + dayMs);
    expect(await expiries()).toEqual({ 'message#m1': expiry(30) });
  });
});

test.each([
  ['7', 7],
  ['90', 30],
  ['', 30],
])('a send is kept for 30 days, and no longer than messages are: %s', async (days, kept) => {
  vi.stubEnv('MESSAGE_RETENTION_DAYS', days);
  const row: SendRow = {
    sendId: 's' as SendId,
    bodyHash: 'h',
    sentBy: { keyId: 'k', name: 'n', kind: 'bot' },
    accountId: key.accountId,
    addressee: { customerId: key.customerId },
    parts: [{ kind: 'text', message: { text: 'x' } }],
    sentParts: [],
    state: { name: 'accepted' },
    acceptedAtMs: atMs,
    deadlineMs: atMs,
    isAsync: false,
    attempts: 0,
    isRecorded: false,
    revision: 0,
  };
  await sendLedger(table.client, table.name).accept(row);
  expect(await expiries()).toEqual({ send: expiry(kept) });
});
