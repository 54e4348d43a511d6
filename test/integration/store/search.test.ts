import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { search } from '../../../functions/list-conversations/search.ts';
import { contactStore } from '../../../shared/conversations/contact-store.ts';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import { timelineKey } from '../../../shared/conversations/summary.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
let reads = 0;
vi.mock(import('../../../shared/runtime/clients/dynamodb.ts'), () => ({ dynamodb: () => table.client }));

beforeEach(async () => {
  table = await startTable();
  vi.stubEnv('TABLE_NAME', table.name);
  table.client.middlewareStack.add(
    (next) => (request) => {
      reads += 1;
      return next(request);
    },
    { step: 'initialize' },
  );
});
afterEach(() => table.stop());

async function put(items: readonly Record<string, unknown>[]): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    const some = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: some } }));
  }
}

const conversation = (account: string, customer: string) => ({
  pk: `conversation#${account}#${customer}`,
  sk: 'summary',
  account_id: account,
  customer_id: customer,
  inbox_key: account,
  activity_key: timelineKey(1_760_000_000_000, `m${customer}`),
});

/** Everybody that the search finds, in order, and the most reads of one page. */
async function searchAll(q: string, limit: number): Promise<{ ids: string[]; mostReads: number }> {
  const ids: string[] = [];
  let mostReads = 0;
  let cursor: string | undefined;
  do {
    reads = 0;
    const reader = conversationReader(table.client, table.name);
    const page = await search(reader, { limit, ...(cursor !== undefined && { cursor }) }, q);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    mostReads = Math.max(mostReads, reads);
    ids.push(...page.items.map(({ customerId }) => customerId));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { ids, mostReads };
}

test.each([1, 2, 3, 100])('no account is left out, in pages of %d', async (limit) => {
  const found = ['A1', 'A2', 'A3'].map((account, n) => ({ account, customer: `${n}1` }));
  await put([
    ...found.map(({ account }) => ({ pk: 'accounts', sk: account })),
    ...found.map(({ account, customer }) => conversation(account, customer)),
  ]);
  for (const { account, customer } of found) {
    const key = { accountId: account as AccountId, customerId: customer as CustomerId };
    await contactStore(table.client, table.name).put(key, { username: `kim${customer}`, readAtMs: 1 });
  }
  expect((await searchAll('kim', limit)).ids).toEqual(['01', '11', '21']);
});

test.each([1, 5])('who is known by id alone is found by the whole id once, in pages of %d', async (limit) => {
  await put([{ pk: 'accounts', sk: 'A1' }, conversation('A1', '123'), conversation('A1', '1234')]);
  const key = { accountId: 'A1' as AccountId, customerId: '1234' as CustomerId };
  await contactStore(table.client, table.name).put(key, { isMiss: true, readAtMs: 1 });
  expect((await searchAll('123', limit)).ids).toEqual(['123', '1234']);
  expect((await searchAll(' 123 ', limit)).ids).toEqual(['123']);
  expect((await searchAll('1234', limit)).ids).toEqual(['1234']);
});

test('a page reads little, however many are called alike', async () => {
  const customers = Array.from({ length: 1200 }, (_, n) => `7${String(n).padStart(4, '0')}`);
  await put([
    { pk: 'accounts', sk: 'A1' },
    ...customers.flatMap((id) => [
      conversation('A1', id),
      { pk: `conversation#A1#${id}`, sk: 'contact', username: `zoe.${id}`, name: 'Zoe', read_at: 1 },
      { pk: 'people#A1', sk: `username#zoe.${id}#${id}`, customer_id: id },
      { pk: 'people#A1', sk: `name#zoe#${id}`, customer_id: id },
    ]),
  ]);
  const { ids, mostReads } = await searchAll('zoe', 100);
  expect(ids).toEqual(customers);
  // 500 entries with their contacts, then a page of conversations.
  expect(mostReads).toBeLessThan(750);
});
