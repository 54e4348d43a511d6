/**
 * One function, invoked so often in this process, which has its variables. Prints its heap after each so many, in
 * bytes, as JSON. No two invocations are the same: ids, people, messages and requests differ.
 *
 *   node --expose-gc invoke-often.ts FUNCTION EACH_INVOCATIONS INVOCATIONS
 */
import { setImmediate as turn } from 'node:timers/promises';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { summaryKey } from '../../shared/conversations/table-keys.ts';
import { graph } from '../../shared/instagram/graph-client.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { sns } from '../../shared/runtime/clients/sns.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { eventRecord } from '../builders/queue-record.ts';
import { delivery, messageItem } from '../builders/webhook.ts';
import { type ApiCall, apiEvent } from './api-event.ts';
import { fewCustomers } from './few-conversations.ts';
import { context, silently } from './in-process.ts';
import { replayTable } from './replayed-table.ts';
import { signedEvent } from './signed-event.ts';

/** So many that V8 has thrown away the code of what ran only once, too. */
const collections = 12;

const [, , name = '', each = '', last = ''] = process.argv;
const key = process.env.BENCH_API_KEY ?? '';
sqs().send = async () => ({});
sns().send = async () => ({ Successful: [], Failed: [] });
let sends = 0;
graph.postWithHeaders = async () => {
  sends += 1;
  const value = { recipient_id: '1', message_id: `m_sent_${sends}`.padEnd(164, 'x') };
  return { value, headers: { date: new Date().toUTCString() } };
};
// A turn within Meta's limits that has come, for `send-message`; a conversation that was there, for `store-events`.
const table = replayTable(dynamodb(), { next_at: 0 });

const invoke = await silently(() => prepare(name));
const heaps: number[] = [];
for (let n = 1; n <= Number(last); n += 1) {
  await silently(() => invoke(n));
  table.forget();
  // Timers and sockets have their turn, as between two invocations.
  if (n % 1_000 === 0) await turn();
  if (n % Number(each) === 0) heaps.push(heapUsed());
}
if (name === 'send-message' && sends !== Number(last)) throw new Error(`Meta was asked ${sends} times`);
console.log(JSON.stringify(heaps));
process.exit();

async function prepare(functionName: string): Promise<(n: number) => Promise<void>> {
  switch (functionName) {
    case 'receive-webhook': {
      const { handler } = await import('../../functions/receive-webhook/handler.ts');
      return async (n) => {
        await bodyOf(handler(signedEvent(delivery(message(n))), context));
      };
    }
    case 'store-events': {
      const { handler } = await import('../../functions/store-events/handler.ts');
      table.replay();
      return async (n) => {
        const { batchItemFailures } = await handler({ Records: [eventRecord(message(n))] }, context);
        if (batchItemFailures.length > 0) throw new Error('An event was not stored');
      };
    }
    case 'get-messages': {
      const { handler } = await import('../../functions/get-messages/handler.ts');
      return reading({ method: 'GET', path: '/api/get-messages' }, handler);
    }
    case 'list-conversations': {
      const { handler } = await import('../../functions/list-conversations/handler.ts');
      return reading({ method: 'GET', path: '/api/conversations' }, handler);
    }
    case 'send-message': {
      const { handler } = await import('../../functions/send-message/handler.ts');
      return sending(handler);
    }
    default:
      throw new Error(`There is nothing to invoke ${functionName} with`);
  }
}

type ApiFunction = (
  event: ReturnType<typeof apiEvent>,
  of: typeof context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The same call, answered from the table once and from memory from then on. */
async function reading(call: ApiCall, handler: ApiFunction): Promise<(n: number) => Promise<void>> {
  const answer = () => bodyOf(handler(apiEvent(key, call), context));
  const recorded = await answer();
  table.replay();
  return async () => {
    const body = await answer();
    if (body.length !== recorded.length) {
      throw new Error(`Answered ${body.length} characters, not ${recorded.length}`);
    }
  };
}

/** To another customer each time, who has written as lately as the stored one. */
async function sending(handler: ApiFunction): Promise<(n: number) => Promise<void>> {
  const send = async (recipient: string, n: number) => {
    const body = { recipient_id: recipient, message: `Yes, we do. ${n}` };
    await bodyOf(handler(apiEvent(key, { method: 'POST', path: '/api/send-message', body }), context));
  };
  const [stored] = fewCustomers;
  if (!stored) throw new Error('No conversation is stored');
  const { Item: summary } = await dynamodb().send(
    new GetCommand({ TableName: required('TABLE_NAME'), Key: summaryKey(stored) }),
  );
  await send(stored.customerId, 0);
  sends = 0;
  table.replay(({ pk, sk }) => (sk === 'summary' ? { ...summary, pk } : undefined));
  return (n) => send(customer(n), n);
}

/** The body of an answer, which must be one of success. */
async function bodyOf(answer: Promise<APIGatewayProxyStructuredResultV2>): Promise<string> {
  const { statusCode, body = '' } = await answer;
  if (statusCode !== 200) throw new Error(`Answered ${statusCode}: ${body}`);
  return body;
}

/** Of another customer each time, with another message. */
function message(n: number) {
  return messageItem(
    { mid: `m_memory_${n}`.padEnd(164, 'x'), text: `Do you ship to Malmö? I would need it by Friday. ${n}` },
    { sender: { id: customer(n) }, timestamp: 1_760_000_000_000 + n },
  );
}

function customer(n: number): string {
  return `${7_000_000_000 + n}`;
}

/** After collecting what is no longer used. */
function heapUsed(): number {
  for (let n = 0; n < collections; n += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
