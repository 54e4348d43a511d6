import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aliasStore } from '../../../shared/conversations/alias-store.ts';
import { type Contact, contactStore, isFresh } from '../../../shared/conversations/contact-store.ts';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import { stateOf } from '../../../shared/conversations/message-state.ts';
import { messageStore } from '../../../shared/conversations/message-store.ts';
import { proveIdentity } from '../../../shared/conversations/prove-identity.ts';
import { summaryOf } from '../../../shared/conversations/summary.ts';
import { summaryStore } from '../../../shared/conversations/summary-store.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { type AddressedEvent, parseDeliveredItem } from '../../../shared/instagram/webhook-events.ts';
import { propertyRuns, startTable, type TestTable } from '../../builders/table.ts';

const account = '17841400000000001' as AccountId;
const keyOf = (id: string) => ({ accountId: account, customerId: id as CustomerId });
const atMs = 1760000000000;

let table: TestTable;
beforeEach(async () => {
  table = await startTable();
});
afterEach(() => table.stop());

const contacts = () => contactStore(table.client, table.name);
const aliases = () => aliasStore(table.client, table.name);
const reader = () => conversationReader(table.client, table.name);
const known = (id: string, contact: Omit<Contact, 'readAtMs'>, readAtMs = atMs) =>
  contacts().put(keyOf(id), { ...contact, readAtMs });

/** A message as the consumer stores it. */
async function wrote(id: string, mid: string, timestamp: number, isEcho = false): Promise<void> {
  const [sender, recipient] = isEcho ? [account, id] : [id, account];
  const event = parseDeliveredItem({
    field: 'messages',
    standby: false,
    item: {
      sender: { id: sender },
      recipient: { id: recipient },
      timestamp,
      message: { mid, text: `text of ${mid}`, ...(isEcho && { is_echo: true }) },
    },
  }) as AddressedEvent;
  await messageStore(table.client, table.name).save(event, event.messageId, stateOf(event));
  await summaryStore(table.client, table.name).raise(event, summaryOf(event, timestamp));
}

const midsOf = async (id: string, limit = 10) => {
  const conversation = await reader().find(keyOf(id));
  const { items } = await reader().messages(conversation ?? keyOf(id), limit);
  return items.map((message) => message.id);
};
const inbox = async () => (await reader().inbox(50)).items.map(({ customerId }) => customerId);

describe('a contact', () => {
  test('is found by the beginning of username, name or id, as one types it', async () => {
    await known('111', { username: 'zoe_shop', name: 'Zoë Müller' });
    await known('222', { username: 'adam', name: 'מיכל כהן' });
    await known('333', { name: '😀 Smile' });
    const find = async (text: string) => (await contacts().search(account, text, 10)).items;
    expect(await find('zoe')).toEqual(['111']);
    expect(await find('ZOË MU')).toEqual(['111']);
    expect(await find('מיכל')).toEqual(['222']);
    expect(await find('😀')).toEqual(['333']);
    expect(await find('22')).toEqual(['222']);
    expect(await find('oe')).toEqual([]);
    expect(await find('#')).toEqual([]);
    expect(await find('  ')).toEqual([]);
  });

  test('is no longer found by a former name', async () => {
    await known('111', { username: 'old_name' });
    await known('111', { username: 'new_name' }, atMs + 1);
    expect((await contacts().search(account, 'old', 10)).items).toEqual([]);
    expect((await contacts().search(account, 'new', 10)).items).toEqual(['111']);
  });

  test('of which Meta tells nothing keeps the name known before, and is not asked about for a day', async () => {
    await known('111', { username: 'ada' });
    await contacts().put(keyOf('111'), { isMiss: true, readAtMs: atMs + 1 });
    const contact = await contacts().find(keyOf('111'));
    expect(contact).toEqual({ username: 'ada', isMiss: true, readAtMs: atMs + 1 });
    expect(isFresh(contact, atMs + 23 * 3_600_000)).toBe(true);
    expect(isFresh(contact, atMs + 25 * 3_600_000)).toBe(false);
    expect(isFresh(undefined, atMs)).toBe(false);
  });

  test('keeps its names also when a miss and a profile are stored at once', async () => {
    for (let n = 0; n < 20; n += 1) {
      const miss = { isMiss: true, readAtMs: atMs + 1 } as const;
      await Promise.all([known(`${n}`, { username: 'ada' }, atMs + 1), contacts().put(keyOf(`${n}`), miss)]);
      expect(await contacts().find(keyOf(`${n}`))).toMatchObject({ username: 'ada' });
    }
  });

  test('loses what Meta no longer tells', async () => {
    await contacts().put(keyOf('111'), { isMiss: true, readAtMs: atMs });
    await known('111', { username: 'ada', name: 'Shop', profilePic: 'https://cdn.example/1' });
    await known('111', { username: 'ada' }, atMs + 1);
    expect(await contacts().find(keyOf('111'))).toEqual({ username: 'ada', readAtMs: atMs + 1 });
    expect((await contacts().search(account, 'shop', 10)).items).toEqual([]);
  });

  test.each([
    ['very long', 'x'.repeat(3_000), 'xxx'],
    ['long in bytes', '😀'.repeat(700), '😀😀'],
    ['cut within a character', `${'x'.repeat(63)}😀`, 'xxx'],
    ['joined emoji', '👩‍👩‍👧 Family', '👩‍👩‍👧 fam'],
    ['from right to left', 'محمد علي', 'محم'],
    ['expanding', 'ﷺ'.repeat(64), 'صلى'],
    ['half a character', '\ud83d Half', '\ud83d'],
    ['of the separator', '#1 #shop', '#1'],
    ['wide', 'ＺＯＥ', 'zoe'],
    ['the dotted capital', 'İpek', 'ipek'],
  ])('is found by a name that is %s', async (_, name, text) => {
    await known('111', { name });
    expect((await contacts().search(account, text, 10)).items).toEqual(['111']);
  });

  test('that was read earlier replaces none that was read later', async () => {
    await known('111', { username: 'later' }, atMs + 1);
    await known('111', { username: 'earlier' }, atMs);
    expect(await contacts().find(keyOf('111'))).toMatchObject({ username: 'later' });
  });

  test('pages: everybody once, in any page size', async () => {
    for (let n = 0; n < 23; n += 1)
      await known(`9${n}`, { username: `sam_${n}`, name: n % 2 ? 'Sam' : '9 lives' });
    for (const limit of [1, 3, 10, 50]) {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await contacts().search(account, 's', limit, after);
        seen.push(...page.items);
        after = page.next;
      } while (after);
      expect(seen.toSorted()).toEqual(Array.from({ length: 23 }, (_, n) => `9${n}`).toSorted());
    }
    expect((await contacts().search(account, '9', 50)).items).toHaveLength(23);
  });
});

describe('two ids of one person', () => {
  beforeEach(async () => {
    await known('webhook', { username: 'ada' });
    await known('graph', { username: 'ada' });
    await wrote('webhook', 'm1', atMs + 1);
    await wrote('webhook', 'm3', atMs + 3, true);
    await wrote('graph', 'm2', atMs + 2);
  });

  const prove = (mids: readonly string[], username = 'ada') =>
    proveIdentity(table.client, table.name, {
      account,
      participantId: 'graph' as CustomerId,
      username,
      mids: mids as readonly MessageId[],
    });

  test('a username alone proves nothing', async () => {
    expect(await prove(['m2', 'never seen'])).toEqual(keyOf('graph'));
    expect(await inbox()).toEqual(['webhook', 'graph']);
  });

  test('nor does a message under another name', async () => {
    expect(await prove(['m1'], 'somebody')).toEqual(keyOf('graph'));
  });

  test('the same message under both does: they are one conversation, under the address that works', async () => {
    expect(await prove(['m9', 'm1'])).toEqual(keyOf('webhook'));
    expect(await inbox()).toEqual(['webhook']);
    expect(await midsOf('webhook')).toEqual(['m3', 'm2', 'm1']);
    expect(await midsOf('graph')).toEqual(['m3', 'm2', 'm1']);
    expect(await prove(['m2'])).toEqual(keyOf('webhook'));
  });

  test('what comes under the alias later raises the conversation, and brings no second one', async () => {
    await prove(['m1']);
    await wrote('graph', 'm4', atMs + 4);
    expect(await inbox()).toEqual(['webhook']);
    const [conversation] = (await reader().inbox(1)).items;
    expect(conversation?.summary).toMatchObject({ lastInAtMs: atMs + 4, lastOutAtMs: atMs + 3 });
    const preview = conversation && (await reader().previews([conversation])).get(conversation);
    expect(preview?.newest?.id).toBe('m4');
    expect(preview?.contact?.username).toBe('ada');
    expect(await summaryStore(table.client, table.name).find(keyOf('graph'))).toMatchObject({
      lastInAtMs: atMs + 4,
    });
  });

  test('a message that stands under both is shown once, and pages visit each once', async () => {
    await prove(['m1']);
    await wrote('graph', 'm1', atMs + 5);
    const seen: string[] = [];
    const conversation = await reader().find(keyOf('webhook'));
    let before: string | undefined;
    do {
      const page = await reader().messages(
        conversation ?? keyOf(''),
        1,
        before === undefined ? {} : { before },
      );
      seen.push(...page.items.map(({ id }) => id));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toEqual(['m3', 'm2', 'm1']);
  });
});

test('links in any order, with a crash between any two writes, end in one conversation', async () => {
  const ids = ['a', 'b', 'c', 'd'];
  const link = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
  const sample = fc.record({
    links: fc.array(link, { minLength: 1, maxLength: 6 }),
    crashAfter: fc.integer({ min: 1, max: 25 }),
  });
  await fc.assert(
    fc.asyncProperty(sample, async ({ links, crashAfter }) => {
      const fresh = await startTable();
      const outer = table;
      table = fresh;
      try {
        for (const [n, id] of ids.entries()) await wrote(id, `of ${id}`, atMs + n);
        let left = crashAfter;
        fresh.client.middlewareStack.add(
          (next) => async (args) => {
            left -= 1;
            if (left === 0) throw new Error('The process is gone');
            return next(args);
          },
          { step: 'initialize', name: 'crash' },
        );
        for (const [from, to] of links) {
          await aliases()
            .link(keyOf(from), keyOf(to))
            .catch(() => aliases().link(keyOf(from), keyOf(to)));
        }
        left = Number.POSITIVE_INFINITY;
        for (const [from, to] of links) await aliases().link(keyOf(from), keyOf(to));

        const groups = ids.map((id) => groupOf(id, links));
        expect((await inbox()).length).toBe(new Set(groups).size);
        for (const [n, id] of ids.entries()) {
          const members = ids.filter((_, place) => groups[place] === groups[n]);
          expect((await midsOf(id)).toSorted()).toEqual(members.map((member) => `of ${member}`));
        }
      } finally {
        table = outer;
        await fresh.stop();
      }
    }),
    { numRuns: propertyRuns(100) },
  );
}, 180_000);

/** Who is linked with whom, by whatever chain. */
function groupOf(id: string, links: readonly (readonly [string, string])[]): string {
  const group = new Set([id]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [a, b] of links) {
      if (group.has(a) === group.has(b)) continue;
      group.add(a).add(b);
      grew = true;
    }
  }
  return [...group].toSorted().join();
}
