import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { contactStore } from '../../../shared/conversations/contact-store.ts';
import type { ConversationKey } from '../../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import type { HttpHandler } from '../../../shared/runtime/http/public-handler.ts';
import { keyStore, newKey } from '../../../shared/runtime/keys.ts';
import { httpEvent, lambdaContext } from '../../builders/http-event.ts';
import { eventRecord } from '../../builders/queue-record.ts';
import { countReads, type ReadCost } from '../../builders/read-cost.ts';
import { type Item, itemsOf, load } from '../../builders/stored-in-bulk.ts';
import { sortedByKey, startTable, type TestTable } from '../../builders/table.ts';
import { accountId, messageItem } from '../../builders/webhook.ts';

const isFull = inject('scale') === 'full';
/** Of one conversation, the account's oldest. */
const messages = isFull ? 100_000 : 5_000;
const conversations = isFull ? 50_000 : 2_000;
/** Far back in the inbox, and the only one that nobody read. */
const latePlace = conversations * 0.8;
/** All within a day: as many as `closing_soon` can have to look at. */
const stepMs = 1_700;
const nowMs = 1760000000000;

vi.setConfig({ testTimeout: 600_000, hookTimeout: 1_800_000 });

const keyOf = (place: number): ConversationKey => ({
  accountId: accountId as AccountId,
  customerId: String(1_000_000_000_000_000 + place) as CustomerId,
});
const big = keyOf(conversations + 1);
/** As long as real ones. MP §2.14 */
const mid = (name: string, n: number) => `aWdfZAG1f${name}${String(n).padStart(6, '0')}`.padEnd(164, 'x');
const atMsOf = (place: number) => nowMs - place * stepMs;
const written = (name: string, n: number, { customerId: id }: ConversationKey, timestamp: number) =>
  messageItem(
    { mid: mid(name, n), text: 'Do you ship to Oslo? '.repeat(4) },
    { sender: { id }, recipient: { id: accountId }, timestamp },
  );
const personOf = (place: number) => ({
  username: `shop.fan.${String(place).padStart(6, '0')}`,
  name: `Fan ${String(place).padStart(6, '0')} of the shop`,
});
const ofPlace = (place: number) => ({
  customer: keyOf(place),
  deliveries: [written('C', place, keyOf(place), atMsOf(place))],
  person: personOf(place),
  ...(place !== latePlace && { readByUsAtMs: atMsOf(place) }),
});
/** Older than all others, and a second apart. */
const bigMessage = (n: number) => written('B', n, big, atMsOf(conversations + 1) - (messages - n) * 1000);

let table: TestTable;
let read: ReturnType<typeof countReads>;
let key: string;

beforeAll(async () => {
  mockClient(SNSClient).on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
  table = await startTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  vi.resetModules();
  await expectTheWritersOwnItems();
  await loadAll();
  key = newKey();
  await keyStore(table.client, table.name).put(key, { name: 'test', kind: 'bot', roles: ['read'] });
  const { dynamodb } = await import('../../../shared/runtime/clients/dynamodb.ts');
  read = countReads(dynamodb());
  // The key is read once a minute.
  await inbox({ limit: '1' });
});

afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await table.stop();
});

/** Stores one conversation by way of the consumer: what is loaded in bulk of it must be the same. */
async function expectTheWritersOwnItems(): Promise<void> {
  const { customer, deliveries, person } = ofPlace(latePlace);
  const { handler } = await import('../../../functions/store-events/handler.ts');
  const Records = deliveries.map((item) => eventRecord(item, { receivedAtMs: nowMs }));
  expect(await handler({ Records }, lambdaContext)).toEqual({ batchItemFailures: [] });
  await contactStore(table.client, table.name).put(customer, { ...person, readAtMs: 1760000000000 });
  const stored = await table.items();
  expect(stored.length).toBe(7);
  expect(sortedByKey(await itemsOf(ofPlace(latePlace)))).toEqual(stored);
}

async function loadAll(): Promise<void> {
  const chunk = 1_000;
  for (let first = 1; first <= conversations; first += chunk) {
    const places = Array.from({ length: Math.min(chunk, conversations - first + 1) }, (_, n) => first + n);
    const items = (await Promise.all(places.map((place) => itemsOf(ofPlace(place))))).flat();
    await load(table.client, table.name, withoutAccount(items));
    report(`${first + places.length - 1} of ${conversations} conversations`);
  }
  for (let first = 1; first <= messages; first += chunk) {
    const deliveries = Array.from({ length: Math.min(chunk, messages - first + 1) }, (_, n) =>
      bigMessage(first + n),
    );
    const items = await itemsOf({ customer: big, deliveries });
    // The summary of the last chunk holds the maxima of all: the messages come in order.
    await load(table.client, table.name, withoutAccount(items));
    report(`${first + deliveries.length - 1} of ${messages} messages of one conversation`);
  }
}

/** Every conversation lists its account, which is stored already; a batch may not have a key twice. */
const withoutAccount = (items: readonly Item[]) => items.filter(({ pk }) => pk !== 'accounts');

function report(line: string): void {
  if (isFull) console.log(`  stored: ${line}`);
}

interface ListAnswer {
  readonly data: readonly { readonly id: string; readonly recipient_id?: string }[];
  readonly cursor?: string;
  readonly warnings?: readonly string[];
}

interface Read {
  readonly answer: ListAnswer;
  readonly cost: ReadCost;
}

async function call(
  handler: HttpHandler,
  routeKey: string,
  query: Record<string, string>,
  path?: Record<string, string>,
): Promise<Read> {
  const { answer, cost } = await read(() =>
    Promise.resolve(
      handler(
        httpEvent(routeKey, { headers: { authorization: `Bearer ${key}` }, query, ...(path && { path }) }),
        lambdaContext,
      ),
    ),
  );
  expect(answer.statusCode).toBe(200);
  return { answer: JSON.parse(answer.body ?? '') as ListAnswer, cost };
}

async function inbox(query: Record<string, string>): Promise<Read> {
  const { handler } = await import('../../../functions/list-conversations/handler.ts');
  return call(handler, 'GET /api/conversations', query);
}

async function messagesOf(query: Record<string, string>): Promise<Read> {
  const { handler } = await import('../../../functions/list-messages/handler.ts');
  const path = { id: `${accountId}.${big.customerId}` };
  return call(handler, 'GET /api/conversations/{id}/messages', query, path);
}

/** Follows the list page by page. @returns all that was read, the last page last. */
async function follow(
  list: (query: Record<string, string>) => Promise<Read>,
  query: Record<string, string>,
  isLast: (page: Read, place: number) => boolean,
): Promise<readonly Read[]> {
  const pages: Read[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, ...(cursor !== undefined && { cursor }) });
    pages.push(page);
    cursor = page.answer.cursor;
    if (isLast(page, pages.length)) break;
  } while (cursor !== undefined);
  return pages;
}

const idsOf = (pages: readonly Read[]) => pages.flatMap(({ answer }) => answer.data.map(({ id }) => id));
const customersOf = ({ answer }: Read) => answer.data.map(({ recipient_id }) => recipient_id);

describe(`with ${messages} messages and ${conversations} conversations`, () => {
  test('the first page of messages costs what page 500 does', async () => {
    const limit = messages / 1000;
    const pages = await follow(messagesOf, { limit: String(limit) }, (_, place) => place === 500);
    expect(idsOf(pages)).toEqual(Array.from({ length: limit * 500 }, (_, n) => mid('B', messages - n)));
    tell('messages, page 1', pages[0]);
    tell('messages, page 500', pages[499]);
    expect(pages[0]?.cost.units).toBeGreaterThan(0);
    expect(pages[499]?.cost).toEqual(pages[0]?.cost);
  });

  test('the first page of the inbox costs what a late page does', async () => {
    const limit = 100;
    const pages = await follow(inbox, { limit: String(limit) }, (page) =>
      customersOf(page).includes(keyOf(latePlace).customerId),
    );
    expect(idsOf(pages)).toEqual(
      Array.from({ length: latePlace }, (_, n) => `${accountId}.${keyOf(n + 1).customerId}`),
    );
    tell('inbox, page 1', pages[0]);
    tell(`inbox, page ${pages.length}`, pages.at(-1));
    expect(pages.length).toBe(latePlace / limit);
    expect(pages[0]?.cost.units).toBeGreaterThan(0);
    expect(pages.at(-1)?.cost).toEqual(pages[0]?.cost);
  });

  test.each(['username', 'name'] as const)(
    'a customer far back is found by %s for what the newest one costs',
    async (by) => {
      const newest = await inbox({ q: personOf(1)[by] });
      const late = await inbox({ q: personOf(latePlace)[by].toUpperCase() });
      expect(customersOf(newest)).toEqual([keyOf(1).customerId]);
      expect(customersOf(late)).toEqual([keyOf(latePlace).customerId]);
      tell(`found by ${by}`, late);
      expect(late.cost).toEqual(newest.cost);
      expect(late.cost.units).toBeLessThanOrEqual(20);
    },
  );

  test('a page of a search in which all names begin alike reads no more than 500 entries', async () => {
    const page = await inbox({ q: 'shop', limit: '100' });
    expect(page.answer.data).toHaveLength(100);
    tell('search for what all names begin with', page);
    expect(page.cost.items).toBeLessThanOrEqual(2 * 500 + 3 * 100);
  });

  test('a page of the unread reads no more than 5,000 conversations, and they are found in the end', async () => {
    const pages = await follow(inbox, { filter: 'unread', limit: '100' }, () => false);
    expect(idsOf(pages)).toEqual([
      `${accountId}.${keyOf(latePlace).customerId}`,
      `${accountId}.${big.customerId}`,
    ]);
    expect(pages.length).toBe(Math.ceil((conversations + 1) / 5_000));
    for (const page of pages) expect(page.cost.items).toBeLessThanOrEqual(5_100);
    tell('unread, page 1', pages[0]);
  });

  test('a page of windows that close soon reads no more than 10,000 conversations', async () => {
    const page = await inbox({ filter: 'closing_soon', limit: '100' });
    expect(customersOf(page).slice(0, 2)).toEqual(
      [big, keyOf(conversations)].map(({ customerId }) => customerId),
    );
    expect(page.answer.data).toHaveLength(100);
    expect(page.answer.warnings !== undefined).toBe(conversations > 10_000);
    tell('closing_soon, page 1', page);
    expect(page.cost.items).toBeLessThanOrEqual(10_000 + 1_000 + 3 * 100);
  });
});

function tell(what: string, page: Read | undefined): void {
  if (!isFull || !page) return;
  const { requests, units, items } = page.cost;
  console.log(`  ${what}: ${units} read units, ${requests} requests, ${items} items`);
}
