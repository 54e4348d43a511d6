import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settleSeconds } from '../../../infra/operate/customer/forget-customer.ts';
import { believesNobodyForMs, forgottenStore } from '../../../shared/conversations/forgotten-store.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId } from '../../builders/webhook.ts';

const otherId = '9000000000000009';
const person = { accountId: accountId as AccountId, customerId: customerId as CustomerId };
const other = { accountId: accountId as AccountId, customerId: otherId as CustomerId };

let table: TestTable;
beforeEach(async () => {
  table = await startTable();
});
afterEach(async () => {
  vi.useRealTimers();
  await table.stop();
});

test('who knew that nobody ever was learns of the very first one within five seconds, of all others at once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const [reader, writer] = [
    forgottenStore(table.client, table.name),
    forgottenStore(table.client, table.name),
  ];
  const known = async () => Object.fromEntries(await reader.upTo([person, other]));
  expect(await known()).toEqual({});
  await writer.mark(person, 1000);
  expect(await known()).toEqual({});
  vi.advanceTimersByTime(believesNobodyForMs);
  expect(await known()).toEqual({ [customerId]: 1000 });
  await writer.mark(other, 2000);
  expect(await known()).toEqual({ [customerId]: 1000, [otherId]: 2000 });
  // The second look comes when nobody believes it any more who may still write.
  const longestRunMs = 30_000;
  expect(settleSeconds * 1000).toBeGreaterThan(longestRunMs + believesNobodyForMs);
});

test('two that forget at once for the first time use one key', async () => {
  const stores = [
    forgottenStore(table.client, table.name),
    forgottenStore(table.client, table.name),
  ] as const;
  // Both have looked, and believe that there is none.
  for (const store of stores) await store.upTo([person]);
  const [one, another] = await Promise.all(stores.map((store) => store.mark(person, 1000)));
  expect(one).toBe(another);
});
