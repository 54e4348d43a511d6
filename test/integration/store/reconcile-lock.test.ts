import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AccountId } from '../../../shared/instagram/ids.ts';
import { ReconcilingElsewhereError, reconcileStore } from '../../../shared/reconcile/reconcile-store.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

const minuteMs = 60_000;

let table: TestTable;
beforeEach(async () => {
  table = await startTable();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await table.stop();
});

const store = () => reconcileStore(table.client, table.name, '17841400000000001' as AccountId);

function at(minutes: number): void {
  vi.spyOn(Date, 'now').mockReturnValue(1_790_000_000_000 + minutes * minuteMs);
}

test('whoever works for long keeps it', async () => {
  at(0);
  const lock = await store().lock();
  for (const minutes of [4, 8, 12]) {
    at(minutes);
    await lock.keep();
    await expect(store().lock()).rejects.toThrow(ReconcilingElsewhereError);
  }
  await lock.release();
  await store().lock();
});

test('of whoever died it ends, and the dead cannot go on', async () => {
  at(0);
  const dead = await store().lock();
  at(5);
  await expect(store().lock()).rejects.toThrow(ReconcilingElsewhereError);
  at(7);
  await store().lock();
  await expect(dead.keep()).rejects.toThrow(ReconcilingElsewhereError);
  await dead.release();
  await expect(store().lock()).rejects.toThrow(ReconcilingElsewhereError);
});
