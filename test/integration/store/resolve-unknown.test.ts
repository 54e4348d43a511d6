import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../../../shared/conversations/conversation-reader.ts';
import type { MessageState } from '../../../shared/conversations/message-state.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { type ResolveParts, resolveUnknown } from '../../../shared/sending/resolve-unknown.ts';
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
const failure = { status: 504, code: 'outcome_unknown', message: 'x' };

/** The echo of a message of the business, so long after the first send began. */
function echo(
  afterMs: number,
  {
    id = randomUUID() as string,
    appId,
    via = ['messaging'],
  }: { id?: string; appId?: string; via?: MessageState['via'] } = {},
) {
  const message: StoredMessage = {
    id: `mid.${id}` as MessageId,
    timelineKey: String(sinceMs + afterMs),
    state: {
      direction: 'out',
      via,
      sentAt: { atMs: sinceMs + afterMs, rank: 'webhook_ms' },
      text: { value: 'Thanks!', version: [sinceMs + afterMs, 0] },
      content: {
        value: { kind: 'text', ...(appId !== undefined && { raw: { app_id: appId } }) },
        rank: 'messaging',
      },
    },
  };
  return message;
}

/** A thread of a new customer, in which every send has the same text. */
function newThread() {
  const ledger = sendLedger(table.client, table.name);
  const queues = threadQueues(table.client, table.name);
  const customerId = randomUUID().slice(0, 8) as CustomerId;
  const base: Omit<SendRow, 'sendId'> = {
    bodyHash: 'h',
    sentBy: { keyId: 'k', name: 'test', kind: 'bot' },
    accountId: account,
    addressee: { customerId },
    parts: [{ kind: 'text', message: { text: 'Thanks!' } }],
    sentParts: [],
    state: { name: 'accepted' },
    acceptedAtMs: sinceMs,
    deadlineMs: sinceMs + minuteMs,
    isAsync: true,
    attempts: 1,
    isRecorded: false,
    revision: 0,
  };
  const thread = threadOf(base);
  const add = async (row: Partial<SendRow>): Promise<SendId> => {
    const sendId = randomUUID() as SendId;
    await ledger.accept({ ...base, ...row, sendId });
    return sendId;
  };
  return {
    thread,
    queues,
    ledger,
    /** A send without an outcome, that began so long after the first. */
    async unknown(afterMs = 0, more: object = {}): Promise<SendId> {
      const sendId = await add({
        acceptedAtMs: sinceMs + afterMs,
        state: { name: 'unknown', sinceMs: sinceMs + afterMs, failure, ...more },
      });
      await queues.leave(thread, sendId, 'unknown');
      return sendId;
    },
    /** A send that Meta answered with this id. */
    async sent(afterMs: number, id: string): Promise<SendId> {
      const messageId = `mid.${id}` as MessageId;
      const atMs = Math.floor((sinceMs + afterMs) / 1000) * 1000;
      const sendId = await add({
        state: { name: 'sent' },
        sentParts: [{ messageId, recipientId: customerId, atMs }],
      });
      await ledger.claim(account, messageId, sendId);
      await queues.join(thread, sendId);
      await queues.leave(thread, sendId, 'sent');
      return sendId;
    },
    async sending(): Promise<SendId> {
      const sendId = await add({ state: { name: 'sending', sinceMs: Date.now() } });
      await queues.join(thread, sendId);
      return sendId;
    },
    resolve: (messages: readonly StoredMessage[], more: Partial<ResolveParts> = {}) =>
      resolveUnknown(
        { ledger, queues, outgoingSince: async () => messages, goOn: async () => {}, ...more },
        account,
        thread,
      ),
    async outcome(sendId: SendId): Promise<string | undefined> {
      const row = await ledger.find(sendId);
      return row?.state.name === 'sent' ? row.sentParts[0]?.messageId : row?.state.name;
    },
  };
}

describe('one send without an answer, and the same text', () => {
  test.each([
    ['as it was sent', 300, true],
    ['as late as Meta may answer', 20_000, true],
    ['five hours later, typed by the owner', 300 * minuteMs, false],
    ['a minute before', -minuteMs, false],
    ['four seconds before it began', -4_000, false],
  ])('%s', async (_, afterMs, isFound) => {
    const thread = newThread();
    const send = await thread.unknown();
    const message = echo(afterMs);
    await thread.resolve([message]);
    expect(await thread.outcome(send)).toBe(isFound ? message.id : 'unknown');
  });

  test('well after Meta has answered with a failure it is another message', async () => {
    const thread = newThread();
    const send = await thread.unknown(0, { endedMs: sinceMs + 400, isAnswered: true });
    await thread.resolve([echo(15_000)]);
    expect(await thread.outcome(send)).toBe('unknown');
    const own = echo(350);
    await thread.resolve([own]);
    expect(await thread.outcome(send)).toBe(own.id);
  });
});

test('a send that begins while the messages are read keeps its echo', async () => {
  const thread = newThread();
  const lost = await thread.unknown();
  const message = echo(2000);
  const outgoingSince = async () => {
    await thread.sending();
    return [message];
  };
  await thread.resolve([], { outgoingSince });
  expect(await thread.outcome(lost)).toBe('unknown');
  expect(await thread.ledger.claimant(account, message.id)).toBeUndefined();
});

test('an echo under another id is not the message of a send without an answer', async () => {
  const thread = newThread();
  const lost = await thread.unknown();
  await thread.sent(3000, 'named-by-meta');
  const renamed = echo(3000);
  await thread.resolve([renamed]);
  expect(await thread.outcome(lost)).toBe('unknown');
  // With a message more than the sent one needs, the other send has arrived as well.
  const own = echo(200);
  await thread.resolve([own, renamed]);
  expect(await thread.outcome(lost)).toBe(own.id);
});

test('a send found by its content may have made another message than that: no proof for the next one', async () => {
  const thread = newThread();
  const first = await thread.unknown();
  const typed = echo(200);
  await thread.resolve([typed]);
  expect(await thread.outcome(first)).toBe(typed.id);
  const lost = await thread.unknown(1_000);
  await thread.resolve([typed, echo(400)]);
  expect(await thread.outcome(lost)).toBe('unknown');
  // As late as Meta may have made it of the first send.
  await thread.resolve([typed, echo(30_000)]);
  expect(await thread.outcome(lost)).toBe('unknown');
});

describe('the echo under another id of a send that is long gone from the line', () => {
  const earlierSend = (via: MessageState['via']) => echo(3000, { id: 'named-by-meta', via });

  test.each([
    ['of which only we tell', ['send']],
    ['which the conversation at Meta tells of under its own id', ['send', 'graph']],
  ] as const)('%s is not the message of a send without an answer', async (_, via) => {
    const thread = newThread();
    const lost = await thread.unknown();
    await thread.resolve([earlierSend(via), echo(3000)]);
    expect(await thread.outcome(lost)).toBe('unknown');
  });

  test('the conversation tells of each message once: a second one there is of the other send', async () => {
    const thread = newThread();
    const lost = await thread.unknown();
    const own = echo(3000, { via: ['graph'] });
    await thread.resolve([earlierSend(['send', 'graph']), own]);
    expect(await thread.outcome(lost)).toBe(own.id);
  });
});

test('two sends and one message prove for neither that it arrived; the second message settles both, in order', async () => {
  const thread = newThread();
  const [first, second] = [await thread.unknown(), await thread.unknown(1000)];
  const [one, two] = [echo(300), echo(1300)];
  await thread.resolve([one]);
  expect([await thread.outcome(first), await thread.outcome(second)]).toEqual(['unknown', 'unknown']);
  await thread.resolve([one, two]);
  expect([await thread.outcome(first), await thread.outcome(second)]).toEqual([one.id, two.id]);
});

test('of what only one of them can have made, that one is found', async () => {
  const thread = newThread();
  const [first, second] = [await thread.unknown(), await thread.unknown(2 * minuteMs)];
  const message = echo(2 * minuteMs + 300);
  await thread.resolve([message]);
  expect([await thread.outcome(first), await thread.outcome(second)]).toEqual(['unknown', message.id]);
});

describe('where echoes name the app', () => {
  test.each([
    ['nobody’s', undefined],
    ["another app's", '2'],
  ])('%s message is not ours', async (_, appId) => {
    const thread = newThread();
    const lost = await thread.unknown();
    await thread.sent(10_000, 'ours');
    const typed = echo(500, { ...(appId !== undefined && { appId }) });
    await thread.resolve([typed, echo(10_000, { id: 'ours', appId: '1' })]);
    expect(await thread.outcome(lost)).toBe('unknown');
    const own = echo(600, { appId: '1' });
    await thread.resolve([typed, own, echo(10_000, { id: 'ours', appId: '1' })]);
    expect(await thread.outcome(lost)).toBe(own.id);
  });
});

test('a message that was taken for a send before its process died is still that one’s', async () => {
  const thread = newThread();
  const [first, second] = [await thread.unknown(), await thread.unknown(1000)];
  const message = echo(1300);
  await thread.ledger.claim(account, message.id, second);
  await thread.resolve([message]);
  expect([await thread.outcome(first), await thread.outcome(second)]).toEqual(['unknown', message.id]);
});
