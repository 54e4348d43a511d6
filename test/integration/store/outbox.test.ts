import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { drainThread, type OutboxParts, standInLine } from '../../../shared/sending/outbox.ts';
import { sendLedger } from '../../../shared/sending/send-ledger.ts';
import type { PartOutcome } from '../../../shared/sending/send-part.ts';
import type { SendId, SendRow } from '../../../shared/sending/send-row.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { propertyRuns, startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const account = '17841400000000001' as AccountId;

/** The process is gone: nothing after this happens. */
class Killed extends Error {}

/** What Meta does with one request. */
type Behaviour = 'takes' | 'takes_silently' | 'refuses' | 'is_not_reached' | 'is_busy';
const behaviours: readonly Behaviour[] = [
  'takes',
  'takes',
  'takes_silently',
  'refuses',
  'is_not_reached',
  'is_busy',
];

/** A Meta that keeps what arrived, and does with each request what the list says next. */
function fakeMeta(script: readonly Behaviour[]) {
  const arrived: string[] = [];
  let requests = 0;
  return {
    arrived,
    send: (text: string): PartOutcome => {
      const behaviour = script[requests % script.length] ?? 'takes';
      requests += 1;
      const failure = { status: 502, code: behaviour, message: behaviour };
      if (behaviour === 'refuses') return { name: 'not_sent', failure, retry: 'never', cause: undefined };
      if (behaviour === 'is_not_reached' || behaviour === 'is_busy') {
        return { name: 'not_sent', failure, retry: 'later', cause: undefined };
      }
      arrived.push(text);
      if (behaviour === 'takes_silently') return { name: 'unknown', failure };
      return {
        name: 'sent',
        messageId: `mid.${arrived.length}.${text}` as MessageId,
        recipientId: 'x',
        atMs: Date.now(),
        usage: { percent: 0, regainMs: 0 },
      };
    },
  };
}

/** A process that is killed before the n-th thing that it does. */
function startProcess(
  meta: ReturnType<typeof fakeMeta>,
  stepsUntilKilled: number,
  told: Set<string> = new Set(),
) {
  let steps = stepsUntilKilled;
  const step = () => {
    steps -= 1;
    if (steps < 0) throw new Killed();
  };
  table.client.middlewareStack.remove('kill');
  table.client.middlewareStack.add(
    (next) => async (args) => {
      step();
      const result = await next(args);
      step();
      return result;
    },
    { step: 'initialize', name: 'kill' },
  );
  const ledger = sendLedger(table.client, table.name);
  const parts: OutboxParts = {
    ledger,
    queues: threadQueues(table.client, table.name),
    send: async (_, { message }) => {
      step();
      const outcome = meta.send(String(message.text));
      step();
      return outcome;
    },
    waitForTurn: async () => true,
    threadIntervalMs: 0,
    stopOf: async () => ({ isStopped: false, stoodForMs: 0, asks: false }),
    onSent: async () => {},
    isAnswered: async () => false,
    onRefusal: async (_, { failure }) => failure,
    record: async () => step(),
    tell: async (row) => {
      step();
      told.add(endOf(row));
      step();
      return (await ledger.noteTold(row)) ?? row;
    },
    wake: async () => step(),
  };
  return parts;
}

const endOf = ({ sendId, state, outcome }: SendRow) => `${sendId} ${state.name} ${outcome?.atMs}`;

const ownProcess = () => startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY);

const rowOf = (customer: string, n: number, isAsync: boolean): SendRow => ({
  sendId: `${customer}-${n}` as SendId,
  bodyHash: 'h',
  sentBy: { keyId: 'k', name: 'test', kind: 'bot' },
  accountId: account,
  addressee: { customerId: customer as CustomerId },
  parts: [{ kind: 'text', message: { text: `${customer}-${n}` } }],
  sentParts: [],
  state: { name: 'accepted' },
  acceptedAtMs: Date.now(),
  deadlineMs: Date.now() + 3_600_000,
  isAsync,
  attempts: 0,
  isRecorded: false,
  revision: 0,
});

/** A killed process leaves its lease behind: this is what time does to it. */
async function endLease(thread: string): Promise<void> {
  const { PutCommand, GetCommand } = await import('@aws-sdk/lib-dynamodb');
  const key = { pk: `thread#${thread}`, sk: 'queue' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  if (!Item) return;
  const { lease: _, ...rest } = Item;
  await table.client.send(new PutCommand({ TableName: table.name, Item: rest }));
}

/** A row that waits for its next try need not wait for it here. */
async function makeDue(row: SendRow): Promise<void> {
  if (row.state.name === 'accepted' && row.state.notBeforeMs !== undefined) {
    await ownProcess().ledger.change(row, { state: { name: 'accepted' } });
  }
}

test('processes killed anywhere: nothing arrives twice, no row contradicts what arrived, order is kept', async () => {
  const sample = fc.record({
    sends: fc.integer({ min: 1, max: 6 }),
    isAsync: fc.boolean(),
    script: fc.array(fc.constantFrom(...behaviours), { minLength: 1, maxLength: 12 }),
    kills: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(sample, async ({ sends, isAsync, script, kills }) => {
      const customer = randomUUID().slice(0, 8);
      const meta = fakeMeta(script);
      const told = new Set<string>();
      const rows = Array.from({ length: sends }, (_, n) => rowOf(customer, n, isAsync));
      const thread = `${account}.${customer}` as never;
      const setUp = ownProcess();
      for (const row of rows) {
        await setUp.ledger.accept(row);
        await standInLine(setUp, row);
      }
      const limits = { beginBeforeMs: Date.now() + 3_600_000, maxSends: 100 };
      const process = (steps: number, owner: string) =>
        drainThread(startProcess(meta, steps, told), account, thread, owner, limits).catch(
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          },
        );

      for (const [n, steps] of kills.entries()) {
        await process(steps, `killed-${n}`);
        ownProcess();
        await endLease(thread);
      }
      for (let n = 0; n < 60; n += 1) {
        await process(Number.POSITIVE_INFINITY, `survivor-${n}`);
        const { ledger, queues } = ownProcess();
        if ((await queues.read(thread)).waiting.length === 0) break;
        for (const row of rows) {
          const stored = await ledger.find(row.sendId);
          if (stored) await makeDue(stored);
        }
      }

      const { ledger, queues } = ownProcess();
      const stored = await Promise.all(rows.map(({ sendId }) => ledger.find(sendId)));
      const endless = script.every((each) => each === 'is_not_reached' || each === 'is_busy') && isAsync;
      const names = stored.map((row) => row?.state.name);
      expect(new Set(meta.arrived).size).toBe(meta.arrived.length);
      expect(meta.arrived).toEqual(meta.arrived.toSorted());
      for (const [n, name] of names.entries()) {
        const hasArrived = meta.arrived.includes(`${customer}-${n}`);
        expect({ n, name, hasArrived }).toEqual({
          n,
          name,
          hasArrived: name === 'sent' ? true : name === 'failed' ? false : hasArrived,
        });
      }
      // How a send ended is told, or the schedule finds that it is not.
      const unsettled = new Set((await ledger.unsettled(account, 10_000)).map(({ sendId }) => sendId));
      for (const row of stored.filter((each) => each !== undefined)) {
        const isNoted = row.state.name !== 'sent' && row.outcome?.isTold === true;
        const isTold = isNoted ? told.has(endOf(row)) : unsettled.has(row.sendId);
        expect({ row, isTold }).toMatchObject({ isTold: true });
      }
      const { waiting, unknown } = await queues.read(thread);
      // One that a killed process was at is given up, and waits for no endless refusal any more.
      const patient = rows.filter((_, n) => names[n] === 'accepted').map(({ sendId }) => sendId);
      expect(waiting).toEqual(patient);
      expect(patient.length === 0 || endless).toBe(true);
      expect(unknown.toSorted()).toEqual(
        rows.filter((_, n) => names[n] === 'unknown').map(({ sendId }) => sendId),
      );
    }),
    { numRuns: propertyRuns(150) },
  );
}, 120_000);

test('two processes at once: one sends, the other finds the thread taken', async () => {
  const meta = fakeMeta(['takes']);
  const customer = randomUUID().slice(0, 8);
  const parts = startProcess(meta, Number.POSITIVE_INFINITY);
  for (let n = 0; n < 5; n += 1) {
    const row = rowOf(customer, n, true);
    await parts.ledger.accept(row);
    await standInLine(parts, row);
  }
  const held = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      drainThread(parts, account, `${account}.${customer}` as never, `p${n}`, {
        beginBeforeMs: Date.now() + 60_000,
        maxSends: 100,
      }),
    ),
  );
  expect(held.filter(({ isOurs }) => isOurs).length).toBeGreaterThanOrEqual(1);
  expect(meta.arrived).toEqual([0, 1, 2, 3, 4].map((n) => `${customer}-${n}`));
});

test('what Meta says to try a few times is requested three times, and fails for good', async () => {
  const customer = randomUUID().slice(0, 8);
  const row = rowOf(customer, 0, true);
  const thread = `${account}.${customer}` as never;
  let requests = 0;
  const parts: OutboxParts = {
    ...startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY),
    send: async () => {
      requests += 1;
      const failure = { status: 502, code: 'meta_unavailable', message: 'later' };
      return { name: 'not_sent', failure, retry: 'few_times', cause: undefined };
    },
  };
  await parts.ledger.accept(row);
  await standInLine(parts, row);
  for (let n = 0; n < 5; n += 1) {
    const stored = await parts.ledger.find(row.sendId);
    if (stored) await makeDue(stored);
    await drainThread(parts, account, thread, `process-${n}`, {
      beginBeforeMs: Date.now() + 3_600_000,
      maxSends: 10,
    });
  }
  expect(requests).toBe(3);
  expect((await parts.ledger.find(row.sendId))?.state).toMatchObject({ name: 'failed', isFinal: true });
});

describe('a turn', () => {
  const inLine = async (parts: OutboxParts, count: number) => {
    const customer = randomUUID().slice(0, 8);
    const rows = Array.from({ length: count }, (_, n) => rowOf(customer, n, true));
    for (const row of rows) {
      await parts.ledger.accept(row);
      await standInLine(parts, row);
    }
    return { customer, rows, thread: `${account}.${customer}` as never };
  };
  const soon = () => Date.now() + 60_000;

  test('ends after so many sends, and the thread goes to the back of the queue', async () => {
    const meta = fakeMeta(['takes']);
    const woken: number[] = [];
    const parts = {
      ...startProcess(meta, Number.POSITIVE_INFINITY),
      wake: async (_: unknown, __: unknown, seconds: number) => void woken.push(seconds),
    };
    const { thread } = await inLine(parts, 5);
    await drainThread(parts, account, thread, 'one', { beginBeforeMs: soon(), maxSends: 3 });
    expect({ arrived: meta.arrived.length, woken }).toEqual({ arrived: 3, woken: [0] });
    await drainThread(parts, account, thread, 'two', { beginBeforeMs: soon(), maxSends: 3 });
    expect({ arrived: meta.arrived.length, woken }).toEqual({ arrived: 5, woken: [0] });
  });

  test('of somebody who waits for one send ends with it', async () => {
    const meta = fakeMeta(['takes']);
    const parts = startProcess(meta, Number.POSITIVE_INFINITY);
    const { thread, rows } = await inLine(parts, 5);
    const until = rows[1]?.sendId;
    await drainThread(parts, account, thread, 'one', {
      beginBeforeMs: soon(),
      maxSends: 10,
      ...(until && { until }),
    });
    expect(meta.arrived).toHaveLength(2);
  });

  test('while sending is stopped keeps what waits beyond its time; then it has the time that it had left', async () => {
    const meta = fakeMeta(['takes']);
    const failure = { status: 502, code: 'token_invalid', message: 'refused' };
    const woken: number[] = [];
    const parts: OutboxParts = {
      ...startProcess(meta, Number.POSITIVE_INFINITY),
      wake: async (_, __, seconds) => void woken.push(seconds),
    };
    const { thread, rows } = await inLine(parts, 1);
    const [row] = rows;
    if (!row) throw new Error('There is no row');
    const late = await parts.ledger.change(row, {
      acceptedAtMs: Date.now() - 3_600_000,
      deadlineMs: Date.now() - 3_000_000,
    });
    const limits = { beginBeforeMs: soon(), maxSends: 3 };
    const stopped = { ...parts, stopOf: async () => ({ isStopped: true as const, failure }) };
    await drainThread(stopped, account, thread, 'one', limits);
    expect((await parts.ledger.find(row.sendId))?.state.name).toBe('accepted');
    expect(woken).toEqual([]);
    const going = {
      ...parts,
      stopOf: async () => ({ isStopped: false as const, stoodForMs: 3_300_000, asks: false }),
    };
    await drainThread(going, account, thread, 'two', limits);
    expect(late && meta.arrived).toEqual([`${row.sendId}`]);
  });

  test('gives what lapses no more time for a stop: it is not sent late', async () => {
    const meta = fakeMeta(['takes']);
    const failure = { status: 502, code: 'token_invalid', message: 'refused' };
    const parts = startProcess(meta, Number.POSITIVE_INFINITY);
    const limits = { beginBeforeMs: soon(), maxSends: 3 };
    const ways = [
      { isStopped: true as const, failure },
      { isStopped: false as const, stoodForMs: 3_300_000, asks: false },
    ];
    for (const [place, way] of ways.entries()) {
      const { thread, rows } = await inLine(parts, 1);
      const [row] = rows;
      if (!row) throw new Error('There is no row');
      await parts.ledger.change(row, { lapses: true, isAsync: true, deadlineMs: Date.now() - 1 });
      await drainThread({ ...parts, stopOf: async () => way }, account, thread, `owner-${place}`, limits);
      expect((await parts.ledger.find(row.sendId))?.state).toMatchObject({
        name: 'failed',
        failure: { code: 'waited_too_long' },
      });
    }
    expect(meta.arrived).toEqual([]);
  });

  test('fails what waited too long, and says what it waited for', async () => {
    const parts = startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY);
    const { thread, rows } = await inLine(parts, 1);
    const [row] = rows;
    const because = { status: 429, code: 'rate_limited', message: 'Meta limits how much may be called.' };
    if (row) {
      await parts.ledger.change(row, { state: { name: 'accepted', because }, deadlineMs: Date.now() - 1 });
    }
    await drainThread(parts, account, thread, 'one', { beginBeforeMs: soon(), maxSends: 3 });
    expect(row && (await parts.ledger.find(row.sendId))?.state).toMatchObject({
      name: 'failed',
      isFinal: false,
      failure: {
        code: 'waited_too_long',
        message: expect.stringContaining('Meta limits how much may be called.'),
        details: { because: 'rate_limited' },
      },
    });
  });
});

test("Meta's own answer takes a message back from a send that took it by its content", async () => {
  const customer = randomUUID().slice(0, 8);
  const mid = `mid.${customer}` as MessageId;
  const parts: OutboxParts = {
    ...startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY),
    send: async () => ({
      name: 'sent',
      messageId: mid,
      recipientId: customer,
      atMs: Date.now(),
      usage: { percent: 0, regainMs: 0 },
    }),
  };
  const [wrong, right] = [rowOf(customer, 0, true), rowOf(customer, 1, true)];
  const taken = { messageId: mid, recipientId: customer, atMs: Date.now(), foundBy: 'content' as const };
  await parts.ledger.accept({ ...wrong, state: { name: 'sent' }, sentParts: [taken] });
  await parts.ledger.claim(account, mid, wrong.sendId);
  await parts.ledger.accept(right);
  const { thread } = await standInLine(parts, right);
  await drainThread(parts, account, thread, 'one', { beginBeforeMs: Date.now() + 60_000, maxSends: 3 });
  expect(await parts.ledger.find(right.sendId)).toMatchObject({
    state: { name: 'sent' },
    sentParts: [{ messageId: mid }],
  });
  expect(await parts.ledger.find(wrong.sendId)).toMatchObject({ state: { name: 'unknown' }, sentParts: [] });
  expect(await parts.ledger.claimant(account, mid)).toBe(right.sendId);
  expect((await parts.queues.read(thread)).unknown).toEqual([wrong.sendId]);
});
