import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgottenStore } from '../../../shared/conversations/forgotten-store.ts';
import type { CustomerId } from '../../../shared/instagram/ids.ts';
import { lookUpProfile } from '../../../shared/reconcile/look-up.ts';
import { reconcileChanged } from '../../../shared/reconcile/reconcile-changed.ts';
import { withoutOutdated } from '../../../shared/reconcile/without-outdated.ts';
import { type Reconciling, startReconciling } from '../../builders/reconciling.ts';

const dayMs = 24 * 60 * 60 * 1000;
let reconciling: Reconciling;

beforeEach(async () => {
  reconciling = await startReconciling();
});
afterEach(() => reconciling.stop());

const everything = () => reconcileChanged(reconciling.parts(), { isImport: true, includesFresh: true });
const customersFound = () => new Set(reconciling.enqueued.map(({ customer_id }) => customer_id));
/** The id as a whole: a hash may begin with it. */
const namesOf = async (id: string) =>
  (await reconciling.table.items()).filter((item) =>
    new RegExp(`["#.]${id}["#.]`).test(JSON.stringify(item)),
  );
const markOf = (id: string, upToMs: number) =>
  forgottenStore(reconciling.table.client, reconciling.table.name).mark(
    { accountId: reconciling.parts().account, customerId: id as CustomerId },
    upToMs,
  );

test('the history of a customer who was forgotten is not fetched again, nor who they are; what they write anew is', async () => {
  reconciling.write('c', 2);
  await markOf('c0', Date.now() + 60_000);
  expect((await everything()).gaps).toEqual([]);
  expect(customersFound()).toEqual(new Set(['c1']));
  expect(await lookUpProfile(reconciling.parts(), 'c0')).toBe(false);
  expect(await namesOf('c0')).toEqual([]);

  await reconciling.pass(120_000);
  reconciling.meta.customers.write('c0', { text: 'me again' });
  await everything();
  const found = reconciling.enqueued.filter(({ customer_id }) => customer_id === 'c0');
  expect(found.map(({ finding, node }) => [finding, node.message])).toEqual([['message', 'me again']]);
});

test('what has outlived the lifetime of messages is not fetched', async () => {
  const readAtMs = Date.parse('2025-10-09T08:53:20Z');
  const node = (id: string, ageMs: number) => ({
    id,
    created_time: new Date(readAtMs - ageMs).toISOString().replace(/\.\d+Z/, '+0000'),
  });
  const newest = [node('m3', 1000), node('m2', 6 * dayMs), node('m1', 8 * dayMs)];
  const thread = { participants: [], newest, unread: new Set<string>(), readAtMs };
  const wanted = (of = thread) => withoutOutdated(reconciling.parts(), of, 'c0' as CustomerId);
  expect(await wanted()).toEqual({ thread });
  vi.stubEnv('MESSAGE_RETENTION_DAYS', '7');
  expect(await wanted()).toEqual({
    thread: { ...thread, newest: newest.slice(0, 2) },
    sinceMs: readAtMs - 7 * dayMs,
  });
  expect(await wanted({ ...thread, newest: newest.slice(2) })).toEqual({ sinceMs: readAtMs - 7 * dayMs });
  // The later of the two counts.
  await markOf('c0', readAtMs - dayMs);
  expect((await wanted()).thread?.newest).toEqual(newest.slice(0, 1));
});
