import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { type Delivery, toQueuedEvent } from '../../shared/conversations/queued-event.ts';
import { boundedRaw } from '../../shared/instagram/message-content.ts';
import type { DeliveredItem } from '../../shared/instagram/webhook-envelope.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { isRecord, queueJson } from '../../shared/runtime/json.ts';

/** SQS takes 10 messages and 1 MiB a batch; some room is left for the batch's own members. */
const maxBatchEntries = 10;
const maxBatchBytes = 1_000_000;
const maxEventBytes = 256 * 1024;
const parallelBatches = 8;
const attempts = 3;

/**
 * Puts every event of a delivery in the queue.
 * @throws HttpError 503 when the queue refused some: Meta delivers all of it again, and what was queued is
 * stored once.
 */
export async function enqueue(items: readonly DeliveredItem[], delivery: Delivery): Promise<void> {
  const waiting = batches(items.map((item) => serialise(item, delivery)));
  let refused = 0;
  const sendNext = async (): Promise<void> => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) refused += await sendBatch(batch);
  };
  await Promise.all(Array.from({ length: Math.min(parallelBatches, waiting.length) }, sendNext));
  if (refused > 0) {
    throw new HttpError(503, 'queue_unavailable', 'The queue did not take every event. Deliver it again.', {
      details: { refused, events: items.length },
    });
  }
}

/** @returns how many entries the queue refused after all attempts. */
async function sendBatch(bodies: readonly string[]): Promise<number> {
  let entries: SendMessageBatchRequestEntry[] = bodies.map((MessageBody, place) => ({
    Id: String(place),
    MessageBody,
  }));
  for (let attempt = 0; attempt < attempts && entries.length > 0; attempt += 1) {
    const { Failed = [] } = await sqs()
      .send(new SendMessageBatchCommand({ QueueUrl: required('EVENTS_QUEUE_URL'), Entries: entries }))
      .catch((error: unknown) => {
        throw new HttpError(503, 'queue_unavailable', 'The queue is not available. Deliver it again.', {
          cause: error,
        });
      });
    const failedIds = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failedIds.has(Id));
  }
  return entries.length;
}

function serialise(delivered: DeliveredItem, delivery: Delivery): string {
  const whole = stringify(delivered, delivery);
  if (whole !== undefined && Buffer.byteLength(whole) <= maxEventBytes) return whole;
  // No event of Meta's comes near this. What identifies it is kept, and the start of the rest.
  const item = isRecord(delivered.item) ? delivered.item : {};
  const { sender, recipient, timestamp } = item;
  const excerpt = whole === undefined ? 'nested too deeply' : boundedRaw(delivered.item);
  return (
    stringify({ ...delivered, item: { sender, recipient, timestamp, oversized: excerpt } }, delivery) ??
    JSON.stringify(
      toQueuedEvent({ field: delivered.field, standby: delivered.standby, item: null }, delivery),
    )
  );
}

function stringify(delivered: DeliveredItem, delivery: Delivery): string | undefined {
  try {
    return queueJson(toQueuedEvent(delivered, delivery));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function batches(bodies: readonly string[]): string[][] {
  const result: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const current = result.at(-1);
    if (current && current.length < maxBatchEntries && bytes + size <= maxBatchBytes) {
      current.push(body);
      bytes += size;
    } else {
      result.push([body]);
      bytes = size;
    }
  }
  return result;
}
