import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contactStore } from '../../../shared/conversations/contact-store.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { twoIds } from '../../builders/two-ids.ts';
import { accountId, delivery, messageItem } from '../../builders/webhook.ts';

/** Whom the stand-in knows, and another id under which Meta's conversations are taken to tell of the same person. */
const address = '123456789';
const alias = '9988776655';
const username = 'ada';

let gateway: TestGateway;
let client: DynamoDBDocumentClient;
let person: ReturnType<typeof twoIds>;

interface Messages {
  readonly data: readonly { readonly id: string }[];
  readonly cursor?: string;
}
const messagesOf = async (id: string, query = '') =>
  (await gateway.api(`/api/conversations/${accountId}.${id}/messages${query}`)).body as unknown as Messages;
const idsOf = async (id: string) => ((await messagesOf(id)).data ?? []).map((message) => message.id);
/** Follows the cursors to the end. */
async function found(query: string): Promise<string[]> {
  const { status, body } = await gateway.api(`/api/conversations?${query}`);
  expect(status).toBe(200);
  const ids = (body.data as unknown as { recipient_id: string }[]).map((each) => each.recipient_id);
  const { cursor } = body;
  if (cursor === undefined) return ids;
  return [...ids, ...(await found(`${query.replace(/&cursor=.*/, '')}&cursor=${cursor}`))];
}
const post = (path: string, body: unknown) => gateway.api(path, jsonBody(body));

let greeting: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: gateway.endpoints.dynamodb,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  person = twoIds({ client, name: gateway.tableName });
  await gateway.meta.greet();
  const isStored = async () => {
    [greeting = ''] = await idsOf(address);
    if (greeting === '') throw new Error('The first message is not stored yet');
  };
  await vi.waitFor(isStored, { timeout: 10_000 });
  await person.named(address, username);
  await person.named(alias, username);
  await person.read(alias, 'earlier', Date.now() - 3_600_000);
  await person.prove(alias, [greeting], username);
});
afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

test('the inbox shows one conversation, under the address, and finds it by either id', async () => {
  for (const query of ['', `?q=${alias}`, `?q=${address}`, `?q=${username}`]) {
    const { body } = await gateway.api(`/api/conversations${query}`);
    expect(body.data).toEqual([
      expect.objectContaining({ id: `${accountId}.${address}`, recipient_id: address, can_reply: true }),
    ]);
  }
});

test('either id shows the whole conversation, in the order of time, page by page', async () => {
  for (const id of [address, alias]) {
    expect(await idsOf(id)).toEqual([greeting, 'earlier']);
    const { data, cursor } = await messagesOf(id, '?limit=1');
    expect(data.map((message) => message.id)).toEqual([greeting]);
    const next = await messagesOf(id, `?limit=1&cursor=${cursor}`);
    expect(next.data.map((message) => message.id)).toEqual(['earlier']);
    expect(next.cursor).toBeUndefined();
  }
});

test('get-messages shows it once', async () => {
  const { body } = await gateway.api('/api/get-messages');
  expect(body.data).toEqual([expect.objectContaining({ recipient_id: address })]);
});

test('the read mark set through the alias is that of the conversation', async () => {
  const { status } = await post(`/api/conversations/${accountId}.${alias}/read`, { up_to: greeting });
  expect(status).toBe(200);
  const { body } = await gateway.api('/api/conversations');
  expect(body.data).toEqual([expect.objectContaining({ unread: false })]);
});

test('a send to the alias goes to the address', async () => {
  const { status, body } = await post('/api/send-message', { recipient_id: alias, message: 'On its way' });
  expect(status).toBe(200);
  expect(body.data).toMatchObject({ recipient_id: address });
  const held = gateway.meta.world.conversations.withCustomer(address)?.messages ?? [];
  expect(held).toContainEqual(expect.objectContaining({ fromBusiness: true, text: 'On its way' }));
  await vi.waitFor(async () => expect(await idsOf(alias)).toHaveLength(3), { timeout: 10_000 });
});

test('a search shows it once, in whatever pages, and goes on with the other account', async () => {
  const other = { accountId: '23245' as AccountId, customerId: '12334' as CustomerId };
  const parties = { sender: { id: other.customerId }, recipient: { id: other.accountId } };
  await gateway.deliver(delivery({ ...messageItem({ mid: 'test', text: 'x' }), ...parties }));
  await vi.waitFor(async () => expect((await gateway.api('/api/conversations')).body.data).toHaveLength(2), {
    timeout: 10_000,
  });
  // No profile is read of another account's customers, so this one is known by the id alone.
  expect(await found(`q=${other.customerId}`)).toEqual([other.customerId]);
  await contactStore(client, gateway.tableName).put(other, { username: `${username}_two`, readAtMs: 1 });
  for (const limit of [1, 2, 3]) {
    expect((await found(`q=${username}&limit=${limit}`)).toSorted()).toEqual([other.customerId, address]);
  }
});

test('a cursor of another search is refused', async () => {
  const { body } = await gateway.api(`/api/conversations?q=${username}&limit=1`);
  expect(body.cursor).toBeDefined();
  const other = await gateway.api(`/api/conversations?q=${address}&cursor=${body.cursor}`);
  expect(other).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
});
