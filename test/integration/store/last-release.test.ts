import { readFileSync } from 'node:fs';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { notice } from '../../../shared/account/notice.ts';
import { queuedFinding } from '../../../shared/conversations/graph-finding.ts';
import { queueBody } from '../../../shared/conversations/queue-body.ts';
import { toDeliveredItem } from '../../../shared/conversations/queued-event.ts';
import { messageKinds } from '../../../shared/instagram/message-content.ts';
import { parseDeliveredItem } from '../../../shared/instagram/webhook-events.ts';
import { lookup } from '../../../shared/reconcile/lookup.ts';
import { keyStore } from '../../../shared/runtime/keys.ts';
import { wakeUp } from '../../../shared/sending/wake-up.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { queueRecord } from '../../builders/queue-record.ts';
import {
  type Answered,
  ask,
  internalsOf,
  putItems,
  type Release,
  recordedAtMs,
  recordedKey,
  releases,
} from '../../builders/release.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;

beforeEach(async () => {
  mockClient(SNSClient).on(PublishBatchCommand).resolves({ Successful: [], Failed: [] });
  mockClient(SQSClient).on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  mockClient(SecretsManagerClient)
    .on(GetSecretValueCommand)
    .rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
  vi.useFakeTimers({ toFake: ['Date'], now: recordedAtMs });
  table = await startTable();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('EVENTS_TOPIC_ARN', 'arn:aws:sns:us-east-1:000000000000:events');
  vi.stubEnv('EVENTS_QUEUE_URL', 'http://127.0.0.1:1/000000000000/events');
  vi.stubEnv('RECONCILE_QUEUE_URL', 'http://127.0.0.1:1/000000000000/reconcile');
  vi.stubEnv('GRAPH_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:graph');
  vi.resetModules();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await table.stop();
});

/** What is answered today. */
async function answersTo(answered: readonly Answered[]): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const { request } of answered) answers.push({ request, answer: await ask(request) });
  return answers;
}

// Members may have been added since, so an answer need only hold all of the recorded one.
describe.each(releases())('$name', ({ queued, items, answers, internals }) => {
  test('its queued events are stored, and answered as it answered them', async () => {
    await keyStore(table.client, table.name).put(recordedKey, { name: 't', kind: 'bot', roles: ['read'] });
    const { handler } = await import('../../../functions/store-events/handler.ts');
    for (const [place, body] of queued.events.entries()) {
      const Records = [queueRecord(JSON.stringify(body), `sqs-${place}`)];
      expect({ body, answer: await handler({ Records }, lambdaContext) }).toEqual({
        body,
        answer: { batchItemFailures: [] },
      });
    }
    expect(await answersTo(answers.queued)).toMatchObject(answers.queued);
  });

  test('its wake-ups and lookups are understood', () => {
    for (const body of queued.sends) expect(wakeUp.parse(body)).toEqual(body);
    for (const body of queued.reconcile) expect(lookup.parse(body)).toEqual(body);
  });

  test('its items are answered as it answered them', async () => {
    await putItems(table, items);
    expect(await answersTo(answers.stored)).toMatchObject(answers.stored);
  });

  test('its items steer the gateway as they steered it', async () => {
    await putItems(table, items);
    expect(JSON.parse(JSON.stringify(await internalsOf(table)))).toMatchObject(internals);
  });

  test('its events change nothing of what its items say already', async () => {
    await putItems(table, items);
    const before = await table.items();
    const { handler } = await import('../../../functions/store-events/handler.ts');
    const Records = queued.events.map((body, place) => queueRecord(JSON.stringify(body), `sqs-${place}`));
    expect(await handler({ Records }, lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(await table.items()).toEqual(before);
  });
});

describe('every kind has a fixture', () => {
  const all = <T>(of: (release: Release) => readonly T[]): T[] => releases().flatMap(of);
  const events = () => all(({ queued }) => queued.events).map((body) => queueBody.parse(body));

  test('of body of the queues', () => {
    const sources = queueBody._zod.def.options.map(({ shape }) => shape.source._zod.def.values[0]);
    expect(kinds(events().map(({ source }) => source))).toEqual(kinds(sources));
    expect(kinds(events().flatMap((body) => (body.source === 'graph' ? [body.finding] : [])))).toEqual(
      kinds(queuedFinding.shape.finding.options),
    );
    expect(kinds(events().flatMap((body) => (body.source === 'notice' ? [body.notice] : [])))).toEqual(
      kinds(notice.shape.notice.options),
    );
    const tasks = lookup._zod.def.options.map(({ shape }) => shape.task._zod.def.values[0]);
    expect(kinds(all(({ queued }) => queued.reconcile).map((body) => lookup.parse(body).task))).toEqual(
      kinds(tasks),
    );
    expect(all(({ queued }) => queued.sends)).not.toEqual([]);
  });

  test('of event, and of message', () => {
    const parsed = events().flatMap((body) =>
      body.source === 'webhook' ? [parseDeliveredItem(toDeliveredItem(body))] : [],
    );
    const types = [
      'message',
      'unsend',
      'edit',
      'reaction',
      'seen',
      'other',
    ] satisfies (typeof parsed)[number]['type'][];
    expect(kinds(parsed.map(({ type }) => type))).toEqual(kinds(types));
    const delivered = parsed.flatMap((event) => (event.type === 'message' ? [event.content.kind] : []));
    const found = events().flatMap((body) => (body.source === 'graph' ? [body.finding] : []));
    expect(messageKinds.filter((kind) => ![...delivered, ...found].includes(kind as never))).toEqual([]);
  });

  test('of item, as docs/store.md lists them', () => {
    const listed = listedKeys();
    const stored = all(({ items }) => items).map(({ pk, sk }) => `${pk?.S} ${sk?.S}`);
    expect(listed.filter((pattern) => !stored.some((key) => pattern.test(key)))).toEqual([]);
    expect(stored.filter((key) => !listed.some((pattern) => pattern.test(key)))).toEqual([]);
  });

  test('of state of a send', () => {
    const states = all(({ items }) => items).flatMap(({ type, state }) =>
      type?.S === 'send' ? [state?.S] : [],
    );
    expect(kinds(states)).toEqual(kinds(['accepted', 'sending', 'sent', 'failed', 'unknown']));
  });
});

const kinds = (found: readonly unknown[]) => [...new Set(found)].map(String).toSorted();

/** Partition and sort key of each kind of item, from the table in docs/store.md. */
function listedKeys(): RegExp[] {
  const text = readFileSync(new URL('../../../docs/store.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| .*\| `(?!pk`).*\| (`|SHA)/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  return rows.flatMap((row) => {
    const [, , pk = '', sk = ''] = row.split(' | ').join('|').split('|');
    const sortKeys = sk.includes('`') ? [...sk.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key) : ['<any>'];
    return sortKeys.map((key) => patternOf(`${pk.replaceAll('`', '').trim()} ${key}`));
  });
}

function patternOf(key: string): RegExp {
  const parts = key.split(/<[^>]+>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's');
}
