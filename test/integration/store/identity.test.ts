import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aliasStore } from '../../../shared/conversations/alias-store.ts';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { keyOf, twoIds } from '../../builders/two-ids.ts';

const atMs = 1760000000000;

let table: TestTable;
let person: ReturnType<typeof twoIds>;
beforeEach(async () => {
  table = await startTable();
  person = twoIds(table);
});
afterEach(() => table.stop());

describe('which of two ids is the address', () => {
  test.each([
    ['the newer', 'webhook', 'graph', 'graph'],
    ['the older', 'graph', 'webhook', 'webhook'],
  ])('the one that webhooks came with, though the thread tells %s', async (_, earlier, later, told) => {
    await person.named('webhook', 'ada');
    await person.named('graph', 'ada');
    const store = (id: string, mid: string, at: number) =>
      id === 'webhook' ? person.wrote(id, mid, at) : person.read(id, mid, at);
    await store(earlier, 'm1', atMs);
    await store(later, 'm2', atMs + 5_000);
    // Known by a read alone under both, so this message itself does not tell.
    await person.read('webhook', 'shared', atMs + 9_000);
    await person.read('graph', 'shared', atMs + 9_000);
    expect(await person.prove(told, ['shared'])).toEqual(keyOf('webhook'));
    expect(await person.inbox()).toEqual(['webhook']);
  });

  test.each(['webhook', 'standby'])('a message that came by %s counts', async (way) => {
    await person.named('one', 'ada');
    await person.named('two', 'ada');
    await person.read('one', 'm1', atMs);
    await person.read('one', 'm2', atMs);
    await (way === 'webhook' ? person.wrote('two', 'm2', atMs + 9) : person.overheard('two', 'm2', atMs + 9));
    expect(await person.prove('one', ['m2'])).toEqual(keyOf('two'));
  });

  test.each(['first', 'second'])('else the older, whichever the thread tells (%s)', async (told) => {
    await person.named('first', 'ada');
    await person.named('second', 'ada');
    await person.wrote('first', 'm1', atMs);
    await person.wrote('second', 'm2', atMs + 1);
    await person.wrote('first', 'm3', atMs + 2);
    await person.wrote('second', 'm3', atMs + 2);
    expect(await person.prove(told, ['m3'])).toEqual(keyOf('first'));
    expect(await person.midsOf('second')).toEqual(['m3', 'm2', 'm1']);
  });
});

test('three ids, proven one after another through what stands under any of them, are one conversation', async () => {
  for (const id of ['webhook', 'second', 'third']) await person.named(id, 'ada');
  await person.wrote('webhook', 'm1', atMs);
  await person.read('second', 'm1', atMs);
  await person.read('second', 'm2', atMs + 1_000);
  expect(await person.prove('second', ['m1'])).toEqual(keyOf('webhook'));
  // This one stands under the alias alone.
  await person.read('third', 'm2', atMs + 1_000);
  await person.read('third', 'm3', atMs + 2_000);
  expect(await person.prove('third', ['m2'])).toEqual(keyOf('webhook'));
  expect(await person.inbox()).toEqual(['webhook']);
  for (const id of ['webhook', 'second', 'third']) {
    expect(await person.midsOf(id)).toEqual(['m3', 'm2', 'm1']);
    expect(await aliasStore(table.client, table.name).canonicalOf(keyOf(id))).toEqual(keyOf('webhook'));
  }
});

test("what the business writes to itself makes its own id nobody's alias", async () => {
  await person.named('own', 'ada');
  await person.named('customer', 'ada');
  await person.answered('own', 'note', atMs, { is_self: true });
  await person.read('customer', 'm1', atMs);
  expect(await person.prove('customer', ['note', 'm1'])).toEqual(keyOf('customer'));
  expect(await person.inbox()).toHaveLength(2);
});

/** Ends the process at its n-th write: neither that write nor anything after it is done. */
function crashAt(client: TestTable['client'], write: number): { readonly stop: () => void } {
  let left = write;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (/^(Put|Update)/.test(commandName ?? '')) left -= 1;
        if (left <= 0) throw new Error('The process is gone');
        return next(args);
      },
    { step: 'build', name: 'crash' },
  );
  return { stop: () => client.middlewareStack.remove('crash') };
}

test.each(['graph', 'webhook'])(
  'after a crash before any write of a link the next look at the thread of %s completes it',
  async (told) => {
    let wasWhole = false;
    let crashes = 0;
    for (let write = 1; !wasWhole; write += 1) {
      const fresh = await startTable();
      const here = twoIds(fresh);
      try {
        await here.named('webhook', 'ada');
        await here.named('graph', 'ada');
        await here.wrote('webhook', 'm1', atMs + 1);
        await here.wrote('webhook', 'm3', atMs + 3);
        await here.read('graph', 'm1', atMs + 1);
        await here.read('graph', 'm4', atMs + 4_000);
        const crash = crashAt(fresh.client, write);
        wasWhole = await here.prove(told, ['m1']).then(
          () => true,
          () => false,
        );
        crash.stop();
        if (!wasWhole) crashes += 1;
        // Meanwhile both can be read, and one of them at least is in the inbox.
        expect((await here.inbox()).length).toBeGreaterThan(0);
        // A message came, and the one that proved it is no longer among the newest. Before the first write nothing was kept.
        await here.read('graph', 'm5', atMs + 5_000);

        expect(await here.prove(told, write === 1 ? ['m5', 'm1'] : ['m5'])).toEqual(keyOf('webhook'));
        expect(await here.inbox()).toEqual(['webhook']);
        for (const id of ['webhook', 'graph']) {
          expect(await here.midsOf(id)).toEqual(['m5', 'm4', 'm3', 'm1']);
        }
        const [conversation] = (await conversationReader(fresh.client, fresh.name).inbox(1)).items;
        expect(conversation?.summary.lastInAtMs).toBe(atMs + 5_000);
      } finally {
        await fresh.stop();
      }
    }
    expect(crashes).toBeGreaterThan(4);
  },
  60_000,
);
