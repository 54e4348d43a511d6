import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MessageId } from '../../../shared/instagram/ids.ts';
import { drainThread, type OutboxParts, standInLine } from '../../../shared/sending/outbox.ts';
import {
  account,
  behaviours,
  endOf,
  fakeMeta,
  Killed,
  outboxProcesses,
  rowOf,
} from '../../builders/outbox-processes.ts';
import { propertyRuns, startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
let processes: ReturnType<typeof outboxProcesses>;
beforeAll(async () => {
  table = await startTable();
  processes = outboxProcesses(table);
});
afterAll(() => table.stop());

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
      const setUp = processes.ownProcess();
      for (const row of rows) {
        await setUp.ledger.accept(row);
        await standInLine(setUp, row);
      }
      const limits = { beginBeforeMs: Date.now() + 3_600_000, maxSends: 100 };
      const process = (steps: number, owner: string) =>
        drainThread(processes.startProcess(meta, steps, told), account, thread, owner, limits).catch(
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          },
        );

      for (const [n, steps] of kills.entries()) {
        await process(steps, `killed-${n}`);
        processes.ownProcess();
        await processes.endLease(thread);
      }
      for (let n = 0; n < 60; n += 1) {
        await process(Number.POSITIVE_INFINITY, `survivor-${n}`);
        const { ledger, queues } = processes.ownProcess();
        if ((await queues.read(thread)).waiting.length === 0) break;
        for (const row of rows) {
          const stored = await ledger.find(row.sendId);
          if (stored) await processes.makeDue(stored);
        }
      }

      const { ledger, queues } = processes.ownProcess();
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
  const parts = processes.startProcess(meta, Number.POSITIVE_INFINITY);
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
    ...processes.startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY),
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
    if (stored) await processes.makeDue(stored);
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
      ...processes.startProcess(meta, Number.POSITIVE_INFINITY),
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
    const parts = processes.startProcess(meta, Number.POSITIVE_INFINITY);
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
      ...processes.startProcess(meta, Number.POSITIVE_INFINITY),
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
    const parts = processes.startProcess(meta, Number.POSITIVE_INFINITY);
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
    const parts = processes.startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY);
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
    ...processes.startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY),
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
