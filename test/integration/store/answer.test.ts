import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { replyLimit } from '../../../functions/auto-reply/reply-limit.ts';
import type { PublishedEvent } from '../../../shared/conversations/published-event.ts';
import { summaryStore } from '../../../shared/conversations/summary-store.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import { sendLedger } from '../../../shared/sending/send-ledger.ts';
import type { ThreadId } from '../../../shared/sending/send-row.ts';
import { sendingStops } from '../../../shared/sending/sending-stop.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId } from '../../builders/webhook.ts';

const nowMs = 1760000600000;
const hourMs = 60 * 60_000;
const key = { accountId: accountId as AccountId, customerId: customerId as CustomerId };
const event: PublishedEvent = {
  v: 1,
  id: 'e1',
  type: 'message.received',
  account_id: accountId,
  customer_id: customerId,
  conversation_id: `${accountId}.${customerId}`,
  message_id: 'mid.asked',
  kind: 'text',
  text_bytes: 6,
  attachments: 0,
};

const sqs = mockClient(SQSClient);
let table: TestTable;
beforeEach(async () => {
  sqs.reset();
  sqs.on(SendMessageCommand).resolves({});
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
  table = await startTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('SENDS_QUEUE_URL', 'http://127.0.0.1:1/sends');
  vi.resetModules();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await table.stop();
});

const wrote = (agoMs: number) =>
  summaryStore(table.client, table.name).raise(key, { lastInAtMs: nowMs - agoMs });
const answered = async (text = 'Hello.', by = 'greeter') =>
  (await import('../../../shared/subscribing/answer.ts')).answer(event, text, by);
const waitingSends = async () =>
  (await threadQueues(table.client, table.name).read(`${accountId}.${customerId}` as ThreadId)).waiting;
const wakeUps = () => sqs.commandCalls(SendMessageCommand).length;

describe('answer', () => {
  test('puts a send into the outbox, once, and wakes it', async () => {
    await wrote(1000);
    const first = await answered();
    expect(first).toMatchObject({ state: 'accepted' });
    expect(await answered('Another text.')).toEqual(first);
    const waiting = await waitingSends();
    expect(waiting).toHaveLength(1);
    const row = await sendLedger(table.client, table.name).find(waiting[0] as never);
    expect(row).toMatchObject({
      addressee: { customerId },
      parts: [{ kind: 'text', message: { text: 'Hello.' } }],
      sentBy: { name: 'greeter', kind: 'bot' },
      ifLast: 'mid.asked',
      isAsync: true,
      lapses: true,
    });
    expect(wakeUps()).toBeGreaterThan(0);
  });

  test('is one for a message that came under two ids, and another for each who answers', async () => {
    await wrote(1000);
    const { answerId } = await import('../../../shared/subscribing/answer.ts');
    const other = { ...event, id: 'e2', customer_id: '999', conversation_id: `${accountId}.999` };
    expect(answerId(other, 'greeter')).toBe(answerId(event, 'greeter'));
    expect(answerId(event, 'teller')).not.toBe(answerId(event, 'greeter'));
  });

  test('stands in line after a crash that left it beside it', async () => {
    await wrote(1000);
    await answered();
    const queues = threadQueues(table.client, table.name);
    const thread = `${accountId}.${customerId}` as ThreadId;
    const [sendId] = await waitingSends();
    await queues.leave(thread, sendId as never, 'failed');
    await answered();
    expect(await waitingSends()).toEqual([sendId]);
  });

  test.each([
    ['never wrote', undefined],
    ['wrote a day ago', 24 * hourMs],
  ])('is nothing to a customer who %s', async (_, agoMs) => {
    if (agoMs !== undefined) await wrote(agoMs);
    expect(await answered()).toEqual({ state: 'not_sent', because: 'reply_window' });
    expect(await waitingSends()).toEqual([]);
  });

  test('is nothing while its owner has paused sending, or Meta has blocked the account', async () => {
    await wrote(1000);
    const stops = sendingStops(table.client, table.name, key.accountId);
    await stops.pause();
    expect(await answered()).toEqual({ state: 'not_sent', because: 'sending_stopped' });
    await stops.resume();
    await stops.block();
    expect(await answered()).toEqual({ state: 'not_sent', because: 'sending_stopped' });
    vi.setSystemTime(nowMs + hourMs);
    expect(await answered()).toMatchObject({ state: 'accepted' });
  });

  test.each(['', '  ', 'x'.repeat(1000), 'ä'.repeat(500)])('is no text of that size: %#', async (text) => {
    await wrote(1000);
    await expect(answered(text)).rejects.toThrow(RangeError);
  });
});

describe('the limit of automatic replies', () => {
  const take = (sendId: string, rule: string, atMs = nowMs, perHour = 3) =>
    replyLimit(table.client, table.name).take(key, { sendId, rule }, { perHour, nowMs: atMs });

  test('holds for any hour, and gives a reply its turn once', async () => {
    expect(await take('s1', 'a')).toBe('taken');
    expect(await take('s1', 'a')).toBe('taken');
    expect(await take('s2', 'b', nowMs + 30 * 60_000)).toBe('taken');
    expect(await take('s3', 'c', nowMs + 59 * 60_000)).toBe('taken');
    expect(await take('s4', 'd', nowMs + 59 * 60_000)).toBe('over_the_limit');
    // The first is more than an hour ago, the others are not.
    expect(await take('s4', 'd', nowMs + 61 * 60_000)).toBe('taken');
    expect(await take('s5', 'e', nowMs + 61 * 60_000)).toBe('over_the_limit');
  });

  test('does not let the same be said twice within the hour', async () => {
    expect(await take('s1', 'a')).toBe('taken');
    expect(await take('s2', 'a')).toBe('said_already');
    expect(await take('s2', 'a', nowMs + hourMs)).toBe('taken');
  });

  test('holds when all ask at once', async () => {
    const turns = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((rule) => take(`s-${rule}`, rule, nowMs, 2)),
    );
    expect(turns.toSorted()).toEqual([
      'over_the_limit',
      'over_the_limit',
      'over_the_limit',
      'taken',
      'taken',
    ]);
  });

  test('keeps neither text nor rule, and goes after an hour', async () => {
    await take('s1', 'Our prices');
    const [item] = await table.items();
    expect(JSON.stringify(item)).not.toContain('Our prices');
    expect(item).toMatchObject({ expires_at: (nowMs + hourMs) / 1000 });
  });
});
