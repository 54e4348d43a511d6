import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toQueuedEvent } from '../../../shared/conversations/queued-event.ts';
import { keyStore, newKey } from '../../../shared/runtime/keys.ts';
import { type Carried, carriedEvent, deliveriesOf } from '../../builders/conversation-events.ts';
import { httpEvent, lambdaContext } from '../../builders/http-event.ts';
import { queueRecord } from '../../builders/queue-record.ts';
import { propertyRuns, startTable, type TestTable } from '../../builders/table.ts';
import { accountId, customerId } from '../../builders/webhook.ts';

const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);

beforeEach(() => {
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  sns.on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
});

afterEach(() => vi.unstubAllEnvs());

/** The process of the consumer: a crash ends it after so many writes, and whatever it does then reaches nobody. */
async function startConsumer(table: TestTable, writesUntilCrash = Number.POSITIVE_INFINITY) {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.resetModules();
  const { handler } = await import('../../../functions/store-events/handler.ts');
  const { dynamodb } = await import('../../../shared/runtime/clients/dynamodb.ts');
  let writesLeft = writesUntilCrash;
  dynamodb().middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const isWrite = /^(Put|Update)(Item)?Command$/.test(commandName ?? '');
        if (writesLeft <= 0) throw new Error('The process is gone');
        const result = await next(args);
        if (isWrite) writesLeft -= 1;
        if (writesLeft <= 0) throw new Error('The process is gone');
        return result;
      },
    { step: 'build', name: 'crash' },
  );
  return {
    handle: (Records: SQSRecord[]) => handler({ Records }, lambdaContext),
    hasCrashed: () => writesLeft <= 0,
  };
}

function recordOf(carried: Carried, place: number): SQSRecord {
  const body =
    carried.source === 'graph'
      ? carried.finding
      : toQueuedEvent(carried.delivered, { id: 'delivery', receivedAtMs: 1760000010000 });
  return queueRecord(JSON.stringify(body), `sqs-${place}`);
}

const batchesOf = <T>(items: readonly T[], size: number): T[][] =>
  items.flatMap((_, n) => (n % size === 0 ? [items.slice(n, n + size)] : []));

/** Everything that is stored, and what the API answers from it. */
async function outcomeOf(table: TestTable): Promise<unknown> {
  const items = await table.items();
  const key = newKey();
  await keyStore(table.client, table.name).put(key, { name: 'test', kind: 'bot', roles: ['read'] });
  const { handler: listConversations } = await import('../../../functions/list-conversations/handler.ts');
  const { handler: listMessages } = await import('../../../functions/list-messages/handler.ts');
  const headers = { authorization: `Bearer ${key}` };
  const conversations = await listConversations(
    httpEvent('GET /api/conversations', { headers }),
    lambdaContext,
  );
  const messages = await listMessages(
    httpEvent('GET /api/conversations/{id}/messages', {
      headers,
      path: { id: `${accountId}.${customerId}` },
    }),
    lambdaContext,
  );
  const answers = [conversations, messages].map(({ statusCode, body }) => ({
    statusCode,
    body: statusCode === 200 ? body : undefined,
  }));
  return { items, answers };
}

async function withTable<T>(work: (table: TestTable) => Promise<T>): Promise<T> {
  const table = await startTable();
  try {
    return await work(table);
  } finally {
    await table.stop();
  }
}

test('any order, batching and repetition, with a crash between any two writes: the same bytes and answers', async () => {
  const sample = fc.array(carriedEvent, { minLength: 1, maxLength: 8 }).chain((events) =>
    fc.record({
      events: fc.constant(events),
      arrived: deliveriesOf(events),
      size: fc.integer({ min: 1, max: 6 }),
      crashAfter: fc.integer({ min: 1, max: 12 }),
    }),
  );
  let crashes = 0;
  await fc.assert(
    fc.asyncProperty(sample, async ({ events, arrived, size, crashAfter }) => {
      const expected = await withTable(async (table) => {
        const { handle } = await startConsumer(table);
        for (const [place, event] of events.entries()) await handle([recordOf(event, place)]);
        return outcomeOf(table);
      });
      const actual = await withTable(async (table) => {
        let consumer = await startConsumer(table, crashAfter);
        for (const batch of batchesOf(arrived.map(recordOf), size)) {
          let answer = await consumer.handle(batch);
          if (consumer.hasCrashed()) {
            crashes += 1;
            consumer = await startConsumer(table);
            // Whatever a dead process answered, the queue delivers the whole batch again.
            answer = await consumer.handle(batch);
          }
          expect(answer.batchItemFailures).toEqual([]);
        }
        return outcomeOf(table);
      });
      expect(actual).toEqual(expected);
    }),
    { numRuns: propertyRuns(150) },
  );
  expect(crashes).toBeGreaterThan(propertyRuns(30));
}, 180_000);
