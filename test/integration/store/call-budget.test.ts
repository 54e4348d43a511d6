import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BudgetKind, callBudget } from '../../../shared/conversations/call-budget.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;

beforeEach(async () => {
  table = await startTable();
});
afterEach(() => table.stop());

const budget = () => callBudget(table.client, table.name, '17841400000000001');

/** When each of so many calls at once was let through. */
async function turnsOf(kind: BudgetKind, calls: number, waitMs: number): Promise<number[]> {
  const deadlineMs = Date.now() + waitMs;
  const turns = await Promise.all(
    Array.from({ length: calls }, async () => ((await budget().wait(kind, deadlineMs)) ? [Date.now()] : [])),
  );
  return turns.flat().sort((a, b) => a - b);
}

/** The most calls within any second, wherever it begins. */
const mostInASecond = (turns: readonly number[]) =>
  Math.max(...turns.map((start) => turns.filter((at) => at >= start && at < start + 1000).length));

describe('callBudget', () => {
  test.each([
    ['conversations', 4, 2],
    ['text', 150, 100],
    ['media', 12, 10],
  ] as const)('%s: callers at once stay within the limit of any second', async (kind, calls, limit) => {
    const turns = await turnsOf(kind, calls, 45_000);
    expect(turns).toHaveLength(calls);
    expect(mostInASecond(turns)).toBeLessThanOrEqual(limit);
  });

  test('a store that is slow to answer brings no two calls together', async () => {
    table.client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        await delay(350);
        return answer;
      },
      { step: 'initialize', name: 'slow' },
    );
    const turns = await turnsOf('conversations', 4, 30_000);
    table.client.middlewareStack.remove('slow');
    expect(turns).toHaveLength(4);
    expect(mostInASecond(turns)).toBeLessThanOrEqual(2);
  });

  test('who would wait past the deadline is told so, and takes no turn', async () => {
    expect(await turnsOf('conversations', 5, 700)).toHaveLength(2);
    expect(await budget().wait('conversations', Date.now() - 1)).toBe(false);
  });

  test('while Meta throttles nobody has a turn', async () => {
    await budget().holdUntil('text', Date.now() + 400);
    expect(await budget().wait('text', Date.now() + 100)).toBe(false);
    const startedMs = Date.now();
    expect(await budget().wait('text', Date.now() + 5000)).toBe(true);
    expect(Date.now() - startedMs).toBeGreaterThan(200);
  });

  test('an account is not slowed by another', async () => {
    const other = callBudget(table.client, table.name, '17841400000000002');
    await budget().wait('conversations', Date.now() + 1000);
    expect(await other.wait('conversations', Date.now() + 1)).toBe(true);
  });
});
