import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountId } from '../../../shared/instagram/ids.ts';
import { tokenMark } from '../../../shared/instagram/token-mark.ts';
import { secrets } from '../../../shared/runtime/secrets.ts';
import { type SendingStops, sendingStops } from '../../../shared/sending/sending-stop.ts';
import { stopOf } from '../../../shared/sending/stop-of.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 1, 10);
const secretOf = (access_token: string) => ({ access_token, ig_user_id: '1', login: 'facebook' as const });

let stops: SendingStops;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
  stops = sendingStops(table.client, table.name, randomUUID() as AccountId);
  vi.spyOn(secrets, 'graph').mockResolvedValue(secretOf('old'));
  vi.spyOn(secrets, 'refetchGraph').mockResolvedValue(undefined);
});
afterEach(() => vi.useRealTimers());

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const patient = { isAsync: true, acceptedAtMs: startMs, deadlineMs: startMs + 10 * minuteMs };
const waiting = { ...patient, isAsync: false };
const codeOf = async (row: typeof patient) => {
  const stop = await stopOf(stops, row);
  return stop.isStopped ? stop.failure.code : 'goes on';
};

describe('a refused token', () => {
  beforeEach(() => stops.refuseToken(tokenMark(secretOf('old'))));

  test('stops what can wait; who waits for an answer asks Meta', async () => {
    expect(await codeOf(patient)).toBe('token_invalid');
    expect(await stopOf(stops, waiting)).toMatchObject({ isStopped: false, asks: true });
  });

  test('is asked about again once a minute, by one', async () => {
    later(minuteMs);
    const both = await Promise.all([codeOf(patient), codeOf(patient)]);
    expect(both.toSorted()).toEqual(['goes on', 'token_invalid']);
  });

  test('lasts hours, and a new one lets everything go on with the time that it had left', async () => {
    later(2 * minuteMs);
    await stops.refuseToken(tokenMark(secretOf('old')));
    later(5 * 60 * minuteMs);
    vi.mocked(secrets.refetchGraph).mockResolvedValue(secretOf('new'));
    expect(await stopOf(stops, patient)).toEqual({
      isStopped: false,
      stoodForMs: 302 * minuteMs,
      asks: false,
    });
    expect((await stops.read()).byMeta).toBeUndefined();
    // One that was accepted after it waits no longer than it said.
    const fresh = { ...patient, acceptedAtMs: Date.now(), deadlineMs: Date.now() + minuteMs };
    expect(await stopOf(stops, fresh)).toMatchObject({ isStopped: false, stoodForMs: 0 });
  });
});

describe('a block', () => {
  test('stops everybody for half an hour, then twice as long each time, at most four hours', async () => {
    for (const minutes of [30, 60, 120, 240, 240]) {
      await stops.block();
      later((minutes - 1) * minuteMs);
      expect([await codeOf(patient), await codeOf(waiting)]).toEqual([
        'blocked_by_policy',
        'blocked_by_policy',
      ]);
      later(minuteMs);
      expect(await codeOf(patient)).toBe('goes on');
    }
    later(25 * 60 * minuteMs);
    await stops.block();
    later(30 * minuteMs);
    expect(await codeOf(patient)).toBe('goes on');
  });

  test('that several sends met at once is one', async () => {
    await Promise.all([stops.block(), stops.block(), stops.block()]);
    later(30 * minuteMs);
    expect(await codeOf(patient)).toBe('goes on');
  });
});

describe('its owner', () => {
  test('pauses and resumes it, whatever Meta does', async () => {
    expect([await stops.pause(), await stops.pause()]).toEqual([true, false]);
    await stops.refuseToken(tokenMark(secretOf('old')));
    await stops.endByMeta();
    expect([await codeOf(patient), await codeOf(waiting)]).toEqual(['sends_paused', 'sends_paused']);
    later(3 * minuteMs);
    expect([await stops.resume(), await stops.resume()]).toEqual([true, false]);
    expect(await stopOf(stops, patient)).toEqual({ isStopped: false, stoodForMs: 3 * minuteMs, asks: false });
  });
});
