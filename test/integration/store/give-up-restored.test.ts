import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { giveUpRestoredSends } from '../../../shared/sending/give-up-restored.ts';
import { type SendLedger, sendLedger } from '../../../shared/sending/send-ledger.ts';
import type { SendId, SendRow, SendState } from '../../../shared/sending/send-row.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

const account = '17841400000000001' as AccountId;
const atMs = Date.UTC(2026, 0, 2);
const failure = { status: 502, code: 'meta_failed', message: 'x' };

let table: TestTable;
let ledger: SendLedger;

beforeEach(async () => {
  table = await startTable();
  ledger = sendLedger(table.client, table.name);
});
afterEach(() => table.stop());

function rowOf(id: string, state: SendState, more: Partial<SendRow> = {}): SendRow {
  return {
    sendId: id as SendId,
    bodyHash: 'hash',
    sentBy: { keyId: 'key', name: 'inbox', kind: 'human' },
    accountId: account,
    addressee: { customerId: '123456789' as CustomerId },
    parts: [
      { kind: 'text', message: { text: 'one' } },
      { kind: 'text', message: { text: 'two' } },
    ],
    sentParts: [],
    state,
    acceptedAtMs: atMs,
    deadlineMs: atMs + 60_000,
    isAsync: true,
    attempts: 0,
    isRecorded: false,
    revision: 1,
    ...more,
  };
}

test('whatever would go on is ended for good, also between two parts; what has ended stays as it is', async () => {
  const sentParts = [{ messageId: 'mid' as MessageId, recipientId: '123456789', atMs }];
  const goOn = [
    rowOf('accepted', { name: 'accepted' }),
    rowOf('half', { name: 'accepted' }, { sentParts }),
    rowOf('sending', { name: 'sending', sinceMs: atMs }),
    rowOf('unknown', { name: 'unknown', sinceMs: atMs, failure }),
  ];
  const ended = [
    rowOf('sent', { name: 'sent' }, { sentParts }),
    rowOf('failed', { name: 'failed', failure, isFinal: false }),
  ];
  for (const row of [...goOn, ...ended]) await ledger.accept(row);

  const { givenUp } = await giveUpRestoredSends(ledger, account);
  expect(givenUp.map(({ sendId }) => sendId).toSorted()).toEqual(goOn.map(({ sendId }) => sendId).toSorted());
  for (const { sendId, sentParts: before } of goOn) {
    expect(await ledger.find(sendId)).toMatchObject({
      sentParts: before,
      state: { name: 'failed', isFinal: true, failure: { status: 504, code: 'outcome_unknown' } },
    });
  }
  for (const row of ended) expect(await ledger.find(row.sendId)).toEqual(row);

  expect(await giveUpRestoredSends(ledger, account)).toEqual({ givenUp: [] });
});

test('more than a page of them', async () => {
  const ids = Array.from({ length: 230 }, (_, n) => `send-${String(n).padStart(3, '0')}`);
  await Promise.all(
    ids.map((id, n) => ledger.accept(rowOf(id, { name: 'accepted' }, { acceptedAtMs: atMs + n }))),
  );
  const { givenUp } = await giveUpRestoredSends(ledger, account);
  expect(givenUp.map(({ sendId }) => sendId).toSorted()).toEqual(ids);
});
