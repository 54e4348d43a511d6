import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactStore } from '../../../shared/conversations/contact-store.ts';
import { timelineKey } from '../../../shared/conversations/summary.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { accountId, delivery, echoItem, messageItem } from '../../builders/webhook.ts';

const many = 3000;
const nowMs = Date.now();
const minuteMs = 60_000;
const base64url = (text: string) => Buffer.from(text).toString('base64url');

let gateway: TestGateway;
let client: DynamoDBDocumentClient;

interface Conversation {
  readonly id: string;
  readonly recipient_id: string;
  readonly participant: { readonly id: string; readonly username?: string };
  readonly last_message?: { readonly id: string };
  readonly unread: boolean;
  readonly reply_window: { readonly state: string; readonly expires_at?: string };
}
interface Answer<T> {
  readonly status: number;
  readonly data: readonly T[];
  readonly cursor?: string;
  readonly newer_cursor?: string;
  readonly has_newer?: boolean;
  readonly code?: string;
}

async function list<T = Conversation>(query: string, path = '/api/conversations'): Promise<Answer<T>> {
  const { status, body } = await gateway.api(`${path}?${query}`);
  return { ...(body as unknown as Answer<T>), status };
}

/** Follows the cursors to the end. */
async function all(
  query: string,
  between: () => Promise<void> = async () => {},
  from?: string,
): Promise<Conversation[]> {
  const found: Conversation[] = [];
  let cursor = from;
  do {
    const page = await list(`${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    expect(page.status).toBe(200);
    found.push(...page.data);
    cursor = page.cursor;
    await between();
  } while (cursor !== undefined);
  return found;
}

/** A conversation for each minute back, every third of them answered, as the consumer would store them. */
const summaries = Array.from({ length: many }, (_, n) => {
  const customer = `5${String(n).padStart(6, '0')}`;
  const atMs = nowMs - (n + 60) * minuteMs;
  return {
    pk: `conversation#${accountId}#${customer}`,
    sk: 'summary',
    v: 1,
    type: 'summary',
    account_id: accountId,
    customer_id: customer,
    inbox_key: accountId,
    activity_key: timelineKey(atMs, `m${n}`),
    last_in_at: atMs,
    ...(n % 3 === 0 && { last_out_at: atMs + 1 }),
  };
});

beforeAll(async () => {
  gateway = await startTestGateway();
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: gateway.endpoints.dynamodb,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  const items = [{ pk: 'accounts', sk: accountId, v: 1 }, ...summaries];
  for (let start = 0; start < items.length; start += 25) {
    await client.send(
      new BatchWriteCommand({
        RequestItems: {
          [gateway.tableName]: items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } })),
        },
      }),
    );
  }
  const contacts = contactStore(client, gateway.tableName);
  for (const n of [7, 1007, 2007]) {
    await contacts.put(
      { accountId: accountId as AccountId, customerId: summaries[n]?.customer_id as CustomerId },
      { username: `zoe.${n}`, name: n === 7 ? 'Zoë 👩‍👩‍👧' : 'דנה', readAtMs: nowMs },
    );
  }
});
afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

let deliveries = 0;
async function arrives(customer: string, text: string, isEcho = false): Promise<string> {
  deliveries += 1;
  const mid = `new${deliveries}`;
  const item = isEcho ? echoItem : messageItem;
  const parties = isEcho ? { recipient: { id: customer } } : { sender: { id: customer } };
  await gateway.deliver(delivery({ ...item({ mid, text }, { timestamp: Date.now() }), ...parties }));
  await expect
    .poll(async () => (await list('limit=1', `/api/conversations/${accountId}.${customer}/messages`)).data[0])
    .toMatchObject({ id: mid });
  // The inbox learns of a message after the message itself is stored.
  await expect
    .poll(async () => (await list('limit=5')).data.map(({ last_message }) => last_message?.id))
    .toContain(mid);
  return mid;
}

describe('paging', () => {
  test('visits everybody once, while others write', async () => {
    const found = await all('limit=100', async () => {
      if (deliveries < 3) await arrives(`77${deliveries}`, 'in between');
    });
    const ids = found.map(({ recipient_id }) => recipient_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids)).toEqual(new Set([...summaries.map(({ customer_id }) => customer_id)]));
  });

  test('goes to what is newer, now and later', async () => {
    const first = await list('limit=5');
    expect((await list(`newer_than=${first.newer_cursor}`)).data).toEqual([]);
    for (const n of [1, 2, 3]) await arrives(`78${n}`, `newer ${n}`);
    const next = await list(`limit=2&newer_than=${first.newer_cursor}`);
    expect(next.data.map(({ recipient_id }) => recipient_id)).toEqual(['782', '781']);
    expect(next.has_newer).toBe(true);
    const last = await list(`limit=2&newer_than=${next.newer_cursor}`);
    expect(last.data.map(({ recipient_id }) => recipient_id)).toEqual(['783']);
    expect(last).not.toHaveProperty('has_newer');
    expect((await list(`limit=2&cursor=${next.cursor}`)).data[0]?.recipient_id).toBe(
      first.data[0]?.recipient_id,
    );
  });

  test('who writes meanwhile is above the pages, where newer_cursor leads', async () => {
    const first = await list('limit=100');
    const oldest = summaries.at(-1)?.customer_id ?? '';
    await arrives(oldest, 'once more');
    const rest = await all('limit=100', undefined, first.cursor);
    const newer = await list(`newer_than=${first.newer_cursor}`);
    const ids = [...newer.data, ...first.data, ...rest].map(({ recipient_id }) => recipient_id);
    expect(newer.data.map(({ recipient_id }) => recipient_id)).toEqual([oldest]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(summaries.filter(({ customer_id }) => !ids.includes(customer_id))).toEqual([]);
  });

  test('of messages goes both ways, whatever is in their ids', async () => {
    const at = Date.now();
    const mids = ['😀'.repeat(128), 'ש'.repeat(256), 'a'.repeat(512), 'é#|%', '\u202eabc'];
    for (const [n, mid] of mids.entries()) {
      const item = messageItem({ mid, text: 'x' }, { timestamp: at + n });
      await gateway.deliver(delivery({ ...item, sender: { id: '930' } }));
    }
    const path = `/api/conversations/${accountId}.930/messages`;
    await expect.poll(async () => (await list('', path)).data).toHaveLength(mids.length);
    const follow = async (name: string, next: 'cursor' | 'newer_cursor', from?: string) => {
      const seen: string[] = [];
      for (let cursor = from, isFirst = true; cursor !== undefined || isFirst; isFirst = false) {
        const page = await list(`limit=1${cursor === undefined ? '' : `&${name}=${cursor}`}`, path);
        expect(page.status).toBe(200);
        seen.push(...page.data.map(({ id }) => id));
        cursor = page.data.length === 0 ? undefined : page[next];
      }
      return seen;
    };
    expect(await follow('cursor', 'cursor')).toEqual(mids.toReversed());
    const oldest = base64url(`${at - 1}#`);
    expect(await follow('newer_than', 'newer_cursor', oldest)).toEqual(mids);
  });

  test.each([
    'x',
    '%00',
    'MTc',
    '😀',
    base64url('9'.repeat(13)),
    base64url(`1000000000000#${'x'.repeat(1100)}`),
  ])('a cursor of nobody is refused: %.20s', async (cursor) => {
    for (const name of ['cursor', 'newer_than']) {
      expect(await list(`${name}=${encodeURIComponent(cursor)}`)).toMatchObject({
        status: 400,
        code: 'invalid_cursor',
      });
    }
  });
});

describe('q', () => {
  test('finds by the beginning of a name, and names who was found', async () => {
    const found = await all(`limit=2&q=${encodeURIComponent('ZOE')}`);
    expect(found.map(({ participant }) => participant.username)).toEqual(['zoe.1007', 'zoe.2007', 'zoe.7']);
    expect((await all(`q=${encodeURIComponent('דנ')}`)).length).toBe(2);
    expect((await all('q=nobody')).length).toBe(0);
  });

  test('a blank one is refused, and one with a filter', async () => {
    expect(await list('q=%20')).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await list('q=zoe&filter=unread')).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test.each(['username#abc#1', 'username#zz#1', 'name#a#1', `username#zoe${'x'.repeat(1100)}`])(
    'the cursor of another search is refused: %.20s',
    async (key) => {
      const cursor = base64url(`${accountId}|${key}`);
      expect(await list(`q=zoe&cursor=${cursor}`)).toMatchObject({ status: 400, code: 'invalid_cursor' });
    },
  );

  test('whom Meta has told nothing of is found by the whole id', async () => {
    expect((await all('q=5000123')).map(({ recipient_id }) => recipient_id)).toEqual(['5000123']);
  });
});

describe('filter', () => {
  test('unread leaves out what was answered', async () => {
    const found = (await all('limit=100&filter=unread')).filter(({ recipient_id }) =>
      recipient_id.startsWith('5'),
    );
    expect(found).toHaveLength(many - Math.ceil(many / 3));
    expect(found.every(({ unread }) => unread)).toBe(true);
  });

  test('closing_soon has open windows alone, the one that ends first at the top', async () => {
    const found = await all('limit=100&filter=closing_soon');
    const ends = found.map(({ reply_window }) => reply_window.expires_at ?? '');
    expect(ends).toEqual(ends.toSorted());
    expect(found.every(({ reply_window }) => reply_window.state === 'open')).toBe(true);
    const within = summaries.filter(({ last_in_at }) => last_in_at > Date.now() - 24 * 60 * minuteMs);
    expect(
      Math.abs(found.filter(({ recipient_id }) => recipient_id.startsWith('5')).length - within.length),
    ).toBeLessThan(3);
  });

  test('none of ours is refused', async () => {
    expect(await list('filter=starred')).toMatchObject({ status: 400 });
    expect(await list('filter=unread&newer_than=x')).toMatchObject({ status: 400 });
  });
});

describe('the read mark', () => {
  const mark = (customer: string, up_to: string) =>
    gateway.api(`/api/conversations/${accountId}.${customer}/read`, jsonBody({ up_to }));

  test('moves forward alone', async () => {
    const first = await arrives('901', 'one');
    const second = await arrives('901', 'two');
    expect(await mark('901', first)).toMatchObject({ status: 200, body: { data: { unread: true } } });
    expect(await mark('901', second)).toMatchObject({ status: 200, body: { data: { unread: false } } });
    expect(await mark('901', first)).toMatchObject({ status: 200, body: { data: { unread: false } } });
    await arrives('901', 'three');
    expect((await all('limit=100&filter=unread')).map(({ recipient_id }) => recipient_id)).toContain('901');
  });

  test('of an unknown message or conversation is not found', async () => {
    await arrives('902', 'one');
    expect(await mark('902', 'nobodys')).toMatchObject({ status: 404, body: { code: 'unknown_message' } });
    expect(await mark('903', 'nobodys')).toMatchObject({
      status: 404,
      body: { code: 'unknown_conversation' },
    });
    expect(await mark('902', '')).toMatchObject({ status: 400 });
    expect(await mark('902', 'あ'.repeat(171))).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('an ETag', () => {
  test.each([
    '/api/conversations?limit=3',
    '/api/get-messages?limit=2',
    `/api/conversations/${accountId}.910/messages`,
  ])('of %s saves the answer until something changes', async (path) => {
    await arrives('910', 'one');
    const get = (etag?: string) =>
      fetch(`${gateway.url}${path}`, {
        headers: { authorization: `Bearer ${gateway.apiKey}`, ...(etag && { 'if-none-match': etag }) },
      });
    let etag = '';
    // Until nothing of the answer is about to change: whether it is stale does while it is compared with Meta.
    await expect
      .poll(async () => {
        etag = (await get()).headers.get('etag') ?? '';
        expect(etag).toMatch(/^(W\/)?"[\w-]{27}"$/);
        const same = await get(`"other", ${etag}`);
        return { status: same.status, body: await same.text() };
      })
      .toEqual({ status: 304, body: '' });
    await arrives('910', 'two');
    expect((await get(etag)).status).toBe(200);
  });
});

test('who saw one message saw every earlier one', async () => {
  const first = await arrives('920', 'ours', true);
  const second = await arrives('920', 'ours too', true);
  await arrives('920', 'not seen yet', true);
  const seenAtMs = Date.now();
  await gateway.deliver(
    delivery({
      sender: { id: '920' },
      recipient: { id: accountId },
      timestamp: seenAtMs,
      read: { mid: second },
    }),
  );
  await arrives('920', 'later', true);
  const { data } = await list<{ id: string; read_at?: string }>(
    '',
    `/api/conversations/${accountId}.920/messages`,
  );
  const seen = data.filter(({ read_at }) => read_at !== undefined).map(({ id }) => id);
  expect(seen.slice(-2)).toEqual([second, first]);
  expect(data[0]).not.toHaveProperty('read_at');
});
