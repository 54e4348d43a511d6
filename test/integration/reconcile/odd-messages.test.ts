import type { ServerResponse } from 'node:http';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type QueuedFinding, toGraphEvent } from '../../../shared/conversations/graph-finding.ts';
import { messageStore } from '../../../shared/conversations/message-store.ts';
import type { ConversationKey } from '../../../shared/conversations/table-keys.ts';
import type { AccountId, MessageId } from '../../../shared/instagram/ids.ts';
import { lookUpMessage } from '../../../shared/reconcile/look-up.ts';
import { reconcileChanged } from '../../../shared/reconcile/reconcile-changed.ts';
import type { ReconcileParts } from '../../../shared/reconcile/reconcile-parts.ts';
import { answerJson, startServer, type TestServer } from '../../builders/http-server.ts';
import { startTable, type TestTable } from '../../builders/table.ts';
import { accountId } from '../../builders/webhook.ts';

vi.mock('../../../shared/conversations/call-budget.ts', () => ({
  callBudget: () => ({
    wait: async () => true,
    holdUntil: async () => undefined,
    holdAllUntil: async () => undefined,
  }),
}));

const createdTime = '2026-01-05T10:11:12+0000';
const party = { id: '70', username: 'ada' };
const ids = ['m2', 'm1'];
/** What `GET /{mid}` answers with an error, by mid. */
let refused: Readonly<Record<string, { status: number; error: object }>> = {};

let table: TestTable;
let server: TestServer;
let enqueued: QueuedFinding[];
const queue = mockClient(SQSClient);

/** A conversation that Meta cannot give out as a whole. */
function answer(path: string, fields: string, response: ServerResponse): void {
  const last = path.split('/').at(-1) ?? '';
  const unknown = { error: { message: 'An unknown error has occurred.', code: 1 } };
  if (last === 'conversations') {
    answerJson(response, 200, { data: [{ id: 't1', updated_time: createdTime }] });
  } else if (last === 't1' && fields.includes('messages')) answerJson(response, 500, unknown);
  else if (last === 't1') {
    answerJson(response, 200, { participants: { data: [party, { id: accountId }] } });
  } else if (last === 'messages') {
    answerJson(response, 200, { data: ids.map((id) => ({ id, created_time: createdTime })) });
  } else if (refused[last]) answerJson(response, refused[last].status, { error: refused[last].error });
  else {
    const message = { id: last, created_time: createdTime, from: party, message: `text of ${last}` };
    answerJson(response, 200, { ...message, to: { data: [{ id: accountId }] } });
  }
}

beforeEach(async () => {
  refused = {};
  enqueued = [];
  queue.reset();
  queue.on(SendMessageBatchCommand).callsFake(({ Entries }) => {
    for (const { MessageBody } of Entries) enqueued.push(JSON.parse(MessageBody) as QueuedFinding);
    return {};
  });
  table = await startTable();
  server = await startServer(({ url }, response) =>
    answer(url.pathname, url.searchParams.get('fields') ?? '', response),
  );
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  vi.stubEnv('GRAPH_API_BASE_URL', server.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await table.stop();
});

const parts = (): ReconcileParts => ({
  client: table.client,
  tableName: table.name,
  sqs: new SQSClient({ region: 'us-east-1' }),
  eventsQueueUrl: 'http://127.0.0.1:1/000000000000/events',
  account: accountId as AccountId,
  secret: { access_token: 'token', ig_user_id: accountId, login: 'facebook' },
  beginBeforeMs: Date.now() + 60_000,
});
const changed = () => reconcileChanged(parts(), { includesFresh: true });
const found = () => enqueued.map(({ finding, node }) => [finding, node.id]);

async function store(): Promise<void> {
  for (const event of enqueued.splice(0).map(toGraphEvent)) {
    await messageStore(table.client, table.name).save(event, event.messageId, event.state);
  }
}

const deleted = { status: 400, error: { message: 'deleted', code: 9000001 } };
const odd = { status: 500, error: { message: 'An unknown error has occurred.', code: 1 } };

describe('a conversation that Meta cannot give out as a whole', () => {
  test('is read message by message', async () => {
    expect((await changed()).failed).toEqual([]);
    expect(found()).toEqual([
      ['message', 'm2'],
      ['message', 'm1'],
    ]);
  });

  test('a message that Meta does not give out is a gap', async () => {
    refused = { m1: deleted };
    expect((await changed()).gaps).toEqual([{ customerId: '70', messageId: 'm1', reason: 'unreadable' }]);
  });

  test('a message that cannot be read for the moment is no gap: it is found in the next run', async () => {
    refused = { m1: odd };
    const first = await changed();
    expect(first).toMatchObject({ gaps: [], run: { threads_failed: 1 } });
    expect(first.failed).toHaveLength(1);
    expect(found()).toEqual([['message', 'm2']]);
    await store();
    refused = {};
    expect((await changed()).run).toMatchObject({ threads_failed: 0, messages_found: 1 });
    expect(found()).toEqual([['message', 'm1']]);
  });

  test('a message that can never be read becomes a gap in the end, and the conversation is done', async () => {
    refused = { m1: odd };
    const gaps: number[] = [];
    for (let run = 0; run < 6; run += 1) {
      gaps.push((await changed()).gaps.length);
      await store();
    }
    expect(gaps).toEqual([0, 0, 0, 1, 0, 0]);
    expect((await changed()).run).toMatchObject({ threads_read: 0, threads_failed: 0 });
  });

  test('a refused token is nothing that message by message would help', async () => {
    refused = { m2: { status: 400, error: { message: 'expired', code: 190 } } };
    await expect(changed()).rejects.toMatchObject({ details: { code: 190 } });
    expect(enqueued).toEqual([]);
  });
});

describe('a message that is known by its mid alone', () => {
  const conversation = { accountId, customerId: '70' } as ConversationKey;
  const mid = 'm1' as MessageId;
  const lookUp = () => lookUpMessage(parts(), conversation, mid);
  const knowReaction = () =>
    messageStore(table.client, table.name).save(conversation, mid, {
      via: [],
      customerReaction: { value: { name: 'love' }, atMs: 1 },
    });

  test('is fetched', async () => {
    await knowReaction();
    await lookUp();
    expect(found()).toEqual([['message', 'm1']]);
  });

  test('is not asked for when it has come meanwhile', async () => {
    await lookUp();
    await store();
    const calls = server.requests.length;
    expect(await lookUp()).toBeUndefined();
    expect(server.requests.length).toBe(calls);
  });

  test('is one that cannot be read, and no unsent one, when Meta does not give it out', async () => {
    refused = { m1: deleted };
    await knowReaction();
    await lookUp();
    expect(found()).toEqual([['unreadable', 'm1']]);
    await store();
    const stored = await messageStore(table.client, table.name).find(conversation, mid);
    expect(stored).toMatchObject({ content: { value: { kind: 'unreadable' } } });
    expect(stored).not.toHaveProperty('deletedAtMs');
    const calls = server.requests.length;
    await lookUp();
    expect(server.requests.length).toBe(calls);
  });

  test('leaves nothing behind when nobody told of it', async () => {
    refused = { m1: deleted };
    expect(await lookUp()).toBeUndefined();
    expect(enqueued).toEqual([]);
  });

  test('is asked for again when Meta fails', async () => {
    refused = { m1: odd };
    await knowReaction();
    await expect(lookUp()).rejects.toMatchObject({ details: { code: 1 } });
  });
});
