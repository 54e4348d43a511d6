import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import { type SendLedger, sendLedger } from '../../../shared/sending/send-ledger.ts';
import { type SendId, type SendRow, threadOf } from '../../../shared/sending/send-row.ts';
import { type ThreadQueues, threadQueues } from '../../../shared/sending/thread-queue.ts';
import { startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { accountId } from '../../builders/webhook.ts';

const customer = '123456789';
const minuteMs = 60_000;
let gateway: TestGateway;
let client: DynamoDBDocumentClient;
let ledger: SendLedger;
let queues: ThreadQueues;

beforeAll(async () => {
  gateway = await startTestGateway({ schedulePeriodMs: 2_000 });
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  ledger = sendLedger(client, gateway.tableName);
  queues = threadQueues(client, gateway.tableName);
});
afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

/** As it stands in the table when whoever was at it died so long ago. */
async function leftBehind(
  agoMs: number,
  text: string,
  state: SendRow['state'],
  more: Pick<SendRow, 'outcome'> = {},
): Promise<SendRow> {
  const row: SendRow = {
    sendId: randomUUID() as SendId,
    bodyHash: 'h',
    sentBy: { keyId: 'k', name: 'test', kind: 'bot' },
    accountId: accountId as AccountId,
    addressee: { customerId: customer as CustomerId },
    parts: [{ kind: 'text', message: { text } }],
    sentParts: [],
    state,
    acceptedAtMs: Date.now() - agoMs,
    deadlineMs: Date.now() + 10 * minuteMs,
    isAsync: true,
    attempts: 1,
    isRecorded: false,
    revision: 0,
    ...more,
  };
  await ledger.accept(row);
  if (state.name === 'unknown') await queues.leave(threadOf(row), row.sendId, 'unknown');
  return row;
}

test('each unknown send of a thread has the conversation looked at, and a later send hides none', async () => {
  const failure = { status: 504, code: 'outcome_unknown', message: 'x' };
  const unknownSince = (agoMs: number) =>
    ({ name: 'unknown', sinceMs: Date.now() - agoMs, failure }) as const;
  // A sweep that came late, or failed, misses none either.
  const first = await leftBehind(9 * minuteMs, 'first', unknownSince(9 * minuteMs));
  const second = await leftBehind(2 * minuteMs, 'second', unknownSince(2 * minuteMs));
  const fresh = await leftBehind(minuteMs, 'fresh', unknownSince(5_000));
  const waiting = await leftBehind(minuteMs, 'left in no line', { name: 'accepted' });
  const lookups = async ({ sendId }: SendRow) => (await ledger.find(sendId))?.lookups ?? 0;
  await expect
    .poll(async () => [await lookups(first), await lookups(second), await lookups(fresh)], {
      timeout: 20_000,
    })
    .toEqual([1, 1, 0]);
  await expect
    .poll(() => gateway.meta.calls.some(({ query }) => query.user_id === customer), { timeout: 20_000 })
    .toBe(true);
  await expect
    .poll(async () => (await ledger.find(waiting.sendId))?.state.name, { timeout: 20_000 })
    .toBe('sent');
}, 60_000);

test('what stays unknown is counted, until a day has passed', async () => {
  const failure = { status: 504, code: 'outcome_unknown', message: 'x' };
  for (const agoMs of [5_000, 20 * minuteMs, 25 * 60 * minuteMs]) {
    await leftBehind(agoMs, `lost ${agoMs}`, { name: 'unknown', sinceMs: Date.now() - agoMs, failure });
  }
  const counted = /deliver-sends INFO sends looked after \{"unsettled":\d+,"woken":\d+,"unknown":1\}/;
  await expect.poll(() => gateway.lines.join('\n'), { timeout: 20_000 }).toMatch(counted);
}, 30_000);

test('a send whose failure nobody was told of is told of by the schedule, and is settled then', async () => {
  const failure = { status: 400, code: 'user_unavailable', message: 'x' };
  const outcome = { atMs: Date.now() - minuteMs, isTold: false };
  const row = await leftBehind(minuteMs, 'untold', { name: 'failed', failure, isFinal: true }, { outcome });
  const isUnsettled = async () =>
    (await ledger.unsettled(accountId as AccountId, 100)).some(({ sendId }) => sendId === row.sendId);
  expect(await isUnsettled()).toBe(true);
  await expect.poll(isUnsettled, { timeout: 20_000 }).toBe(false);
  expect((await ledger.find(row.sendId))?.outcome).toEqual({ ...outcome, isTold: true });
  await expect
    .poll(() => gateway.lines.join('\n'), { timeout: 20_000 })
    .toMatch(/store-events INFO sends told of \{"sends":1,"failed":0\}/);
}, 60_000);
