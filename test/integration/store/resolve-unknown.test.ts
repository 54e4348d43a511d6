import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredMessage } from '../../../shared/conversations/conversation-reader.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { resolveUnknown } from '../../../shared/sending/resolve-unknown.ts';
import { sendLedger } from '../../../shared/sending/send-ledger.ts';
import { type SendId, type SendRow, threadOf } from '../../../shared/sending/send-row.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const account = '17841400000000001' as AccountId;
const minuteMs = 60_000;
const sinceMs = Date.UTC(2026, 0, 1, 10);

const toldOf = (atMs: number): StoredMessage => ({
  id: `mid.${randomUUID()}` as MessageId,
  timelineKey: String(atMs),
  state: {
    direction: 'out',
    via: ['messaging'],
    sentAt: { atMs, rank: 'webhook_ms' },
    text: { value: 'Thanks!', version: [atMs, 0] },
    content: { value: { kind: 'text' }, rank: 'messaging' },
  },
});

/** What becomes of a send without an answer when Meta tells of this message. */
async function resolvedBy(message: StoredMessage): Promise<string | undefined> {
  const ledger = sendLedger(table.client, table.name);
  const queues = threadQueues(table.client, table.name);
  const row: SendRow = {
    sendId: randomUUID() as SendId,
    bodyHash: 'h',
    sentBy: { keyId: 'k', name: 'test', kind: 'bot' },
    accountId: account,
    addressee: { customerId: randomUUID().slice(0, 8) as CustomerId },
    parts: [{ kind: 'text', message: { text: 'Thanks!' } }],
    sentParts: [],
    state: { name: 'unknown', sinceMs, failure: { status: 504, code: 'outcome_unknown', message: 'x' } },
    acceptedAtMs: sinceMs,
    deadlineMs: sinceMs + minuteMs,
    isAsync: true,
    attempts: 1,
    isRecorded: false,
    revision: 0,
  };
  await ledger.accept(row);
  await queues.leave(threadOf(row), row.sendId, 'unknown');
  const parts = { ledger, queues, outgoingSince: async () => [message], goOn: async () => {} };
  await resolveUnknown(parts, account, threadOf(row));
  return (await ledger.find(row.sendId))?.state.name;
}

test.each([
  ['as it was sent', 300, 'sent'],
  ['as late as Meta may answer', 20_000, 'sent'],
  ['five hours later, typed by the owner', 300 * minuteMs, 'unknown'],
  ['a minute before', -minuteMs, 'unknown'],
])('the same text %s', async (_, afterMs, state) => {
  expect(await resolvedBy(toldOf(sinceMs + afterMs))).toBe(state);
});
