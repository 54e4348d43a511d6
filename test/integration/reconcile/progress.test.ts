import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConversationKey } from '../../../shared/conversations/table-keys.ts';
import type { AccountId, MessageId } from '../../../shared/instagram/ids.ts';
import { lookUpMessage } from '../../../shared/reconcile/look-up.ts';
import { type ChangedResult, reconcileChanged } from '../../../shared/reconcile/reconcile-changed.ts';
import { reconcileStore } from '../../../shared/reconcile/reconcile-store.ts';
import { type Reconciling, startReconciling } from '../../builders/reconciling.ts';
import { accountId } from '../../builders/webhook.ts';

/** Calls that are let through; then time is up. */
let turns = Number.POSITIVE_INFINITY;
let onTurn = () => {};
vi.mock('../../../shared/conversations/call-budget.ts', () => ({
  callBudget: () => ({
    wait: async () => {
      onTurn();
      turns -= 1;
      return turns >= 0;
    },
    holdUntil: async () => undefined,
    holdAllUntil: async () => undefined,
  }),
}));

const perPage = 50;
let setup: Reconciling;

beforeEach(async () => {
  turns = Number.POSITIVE_INFINITY;
  onTurn = () => {};
  setup = await startReconciling();
});
afterEach(() => setup.stop());

/** As the owner's command does it. */
const changed = (options = {}): Promise<ChangedResult> =>
  reconcileChanged(setup.parts(), { includesFresh: true, ...options });

/** As the schedule does it. */
const scheduled = (): Promise<ChangedResult> => reconcileChanged(setup.parts());

const breakThread = (customerId: string) =>
  setup.meta.world.faults.set('broken_thread', { probability: 1, customerId });
const mendThread = () => setup.meta.world.faults.set('broken_thread', { probability: 0 });

/** A thread `70` that changed first, and a page full of others before it in the list. */
async function writeBehindFirstPage(): Promise<void> {
  setup.write('7', 1);
  await setup.pass(2_000);
  setup.write('8', perPage);
}

/** Customers whose threads were read since, in this order. */
function readSince(call: number): (string | undefined)[] {
  const threads = setup.meta.world.conversations.list();
  return setup.meta.calls
    .slice(call)
    .flatMap(({ path }) => threads.find(({ id }) => path.endsWith(`/${id}`))?.customer.id ?? []);
}

describe('a run that is broken off behind the first page', () => {
  test.each([{}, { isImport: true }])('is gone on with when its time was up: %o', async (options) => {
    setup.write('7', perPage + 5);
    turns = 1 + perPage + 1 + 2;
    expect((await changed(options)).run).toMatchObject({ is_complete: false, threads_read: perPage + 2 });
    turns = Number.POSITIVE_INFINITY;
    expect((await changed(options)).run).toMatchObject({ is_complete: true, threads_read: 3 });
    expect((await changed(options)).run).toMatchObject({ is_complete: true, threads_read: 0 });
    expect(new Set(setup.enqueued.map(({ customer_id }) => customer_id)).size).toBe(perPage + 5);
  });

  test('is gone on with when its process died', async () => {
    setup.write('6', 1);
    await changed();
    await setup.pass(2_000);
    setup.write('7', perPage + 5);
    const dead: { mockRestore(): void }[] = [];
    let calls = 0;
    // Nothing that would be written at an orderly end is.
    onTurn = () => {
      calls += 1;
      if (calls <= 1 + perPage + 1 + 2) return;
      dead.push(vi.spyOn(setup.table.client, 'send').mockRejectedValue(new Error('dead')));
    };
    await expect(changed()).rejects.toThrow('dead');
    for (const spy of dead) spy.mockRestore();
    onTurn = () => {};
    // Its lock ends by itself, after minutes.
    await setup.table.client.send(
      new DeleteCommand({ TableName: setup.table.name, Key: { pk: `reconcile#${accountId}`, sk: 'lock' } }),
    );
    expect((await changed()).run).toMatchObject({ is_complete: true, threads_read: 3 });
  });

  test('is gone on with when it was stopped by hand, at once', async () => {
    setup.write('7', 3);
    const controller = new AbortController();
    let calls = 0;
    onTurn = () => {
      calls += 1;
      if (calls === 3) controller.abort();
    };
    const stopped = await reconcileChanged(setup.parts({ signal: controller.signal }), {
      includesFresh: true,
    });
    expect(stopped.run).toMatchObject({ is_complete: false, threads_read: 1 });
    expect((await changed()).run).toMatchObject({ is_complete: true, threads_read: 2 });
  });
});

test('where nothing changed one call is made, however many conversations there are', async () => {
  setup.write('7', perPage + 5);
  await changed();
  const before = setup.meta.calls.length;
  expect((await changed()).run.threads_read).toBe(0);
  expect(setup.meta.calls.length - before).toBe(1);
});

describe('a conversation behind the first page', () => {
  test('that could not be read is read in the next run', async () => {
    await writeBehindFirstPage();
    breakThread('70');
    const first = await changed();
    expect(first.failed).toHaveLength(1);
    expect(first.run.threads_failed).toBe(1);
    mendThread();
    expect((await scheduled()).run).toMatchObject({ threads_read: 1, threads_failed: 0 });
  });

  test('with a message that was too fresh is read again after a minute, and not before', async () => {
    await writeBehindFirstPage();
    await scheduled();
    const before = setup.meta.calls.length;
    await scheduled();
    expect(readSince(before)).toEqual([]);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    await scheduled();
    expect(readSince(before)).toContain('70');
  });
});

test('one that cannot be read for long is tried less and less often, comes last, and stays counted', async () => {
  const startMs = Date.now();
  const minutesLater = (minutes: number) => vi.spyOn(Date, 'now').mockReturnValue(startMs + minutes * 60_000);
  setup.write('7', 3);
  breakThread('71');
  const tries: number[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    minutesLater(minute);
    const { run, failed } = await scheduled();
    if (failed.length > 0) tries.push(minute);
    expect(run.threads_failed).toBe(1);
  }
  expect(tries).toEqual([0, 1, 6, 16, 36]);
  minutesLater(80);
  setup.meta.customers.write('72', { text: 'again' });
  const before = setup.meta.calls.length;
  await scheduled();
  expect(readSince(before)).toContain('72');
  expect(readSince(before).at(-1)).toBe('71');
}, 30_000);

test('one that takes all the time there is comes last in the next run', async () => {
  setup.write('7', 2);
  await setup.pass(2_000);
  setup.write('9', 1);
  for (let n = 0; n < 25; n += 1) setup.meta.customers.write('90', { text: `${n}` });
  const startMs = Date.now();
  turns = 2;
  let calls = 0;
  onTurn = () => {
    calls += 1;
    if (calls === 3) vi.spyOn(Date, 'now').mockReturnValue(startMs + 90_000);
  };
  expect((await changed()).run).toMatchObject({ is_complete: false, threads_read: 0 });
  turns = Number.POSITIVE_INFINITY;
  onTurn = () => {};
  const before = setup.meta.calls.length;
  expect((await changed()).run).toMatchObject({ is_complete: true, threads_read: 3 });
  expect(readSince(before).at(-1)).toBe('90');
});

test('where IG_USER_ID is another account it reads a few conversations, and says so', async () => {
  setup.write('7', 12);
  const other = setup.parts({ account: '17841400000000999' as AccountId });
  const before = setup.meta.calls.length;
  expect(await reconcileChanged(other)).toMatchObject({
    foreign: 3,
    isOtherAccount: true,
    run: { is_complete: false, messages_found: 0 },
  });
  expect(setup.meta.calls.length - before).toBe(1 + 3);
  expect(setup.enqueued).toEqual([]);
});

test('a message of the second in which its conversation was read is found in a later run', async () => {
  setup.write('7', 1);
  await changed();
  await setup.store();
  const clockMs = setup.meta.world.clock.nowMs();
  vi.spyOn(setup.meta.world.clock, 'nowMs').mockReturnValue(clockMs + 1_000);
  const { id } = setup.meta.customers.write('70', { text: 'first of the second' });
  // As if its webhook had come: nothing but the second tells that more may follow.
  await lookUpMessage(setup.parts(), { accountId, customerId: '70' } as ConversationKey, id as MessageId);
  await setup.store();
  await scheduled();
  setup.meta.customers.write('70', { text: 'second of the second' });
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
  await changed();
  expect(setup.enqueued.map(({ node }) => node.message)).toContain('second of the second');
});

test('a throttled account is left alone at once', async () => {
  setup.write('7', 5);
  let calls = 0;
  onTurn = () => {
    calls += 1;
    if (calls === 3) setup.meta.world.faults.set('user_rate_limited', { probability: 1 });
  };
  await expect(changed()).rejects.toMatchObject({ name: 'GraphError' });
  expect(calls).toBe(3);
  setup.meta.world.faults.set('user_rate_limited', { probability: 0 });
  expect((await changed()).run).toMatchObject({ is_complete: true, threads_read: 4, threads_failed: 0 });
});

test('the lock is free after every kind of end', async () => {
  setup.write('7', 1);
  setup.meta.world.faults.set('token_refused', { probability: 1 });
  await expect(changed()).rejects.toMatchObject({ name: 'GraphError' });
  const { client, name } = setup.table;
  await (await reconcileStore(client, name, setup.parts().account).lock()).release();
});

test('whose profile was read more than a day ago is told', async () => {
  setup.write('7', 2);
  expect((await changed()).oldContacts).toEqual([]);
  await setup.pass(2_000);
  setup.meta.customers.write('70', { text: 'again' });
  expect((await changed()).oldContacts).toEqual([]);
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 25 * 60 * 60_000);
  setup.meta.customers.write('71', { text: 'again' });
  expect((await changed()).oldContacts.toSorted()).toEqual(['71']);
});
