import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { readBody } from '../../../functions/store-events/read-records.ts';
import type { GatewayQueue } from '../queues/gateway-queues.ts';
import { giveBack, receive, remove } from '../queues/letters.ts';
import { sqsRecord } from '../queues/sqs-record.ts';
import type { Person } from './person.ts';

/** A sweep takes seconds. Whoever dies meanwhile leaves what it saw hidden for so long, not lost. */
const hiddenSeconds = 60;
/** Far above what waits in a gateway that works; a sweep of more says that it did not see all. */
const maxLooked = 100_000;

export interface QueueSweep {
  readonly queue: string;
  readonly isDeadLetters: boolean;
  /** What is of the person. */
  readonly bodies: readonly string[];
  /** Whether all of the queue was seen. */
  readonly isWhole: boolean;
}

export interface SweepOptions {
  /** What the person did later than this, in ms, stays. */
  readonly upToMs: number;
  /** Takes what is found away. */
  readonly isErasing: boolean;
}

/**
 * Looks through a queue for what is of the person. Each message is received once for it, which counts as one of the
 * five tries that a message of a main queue has.
 */
export async function sweepQueue(
  client: SQSClient,
  { name, url, sources }: GatewayQueue,
  person: Person,
  { upToMs, isErasing }: SweepOptions,
): Promise<QueueSweep> {
  const held: Message[] = [];
  const found: Message[] = [];
  const looked = new Set<string | undefined>();
  let isWhole = false;
  try {
    while (looked.size < maxLooked) {
      const batch = await receive(client, url, hiddenSeconds);
      isWhole = batch.length === 0;
      if (isWhole) break;
      // The first ones show again: the queue is longer than a sweep, and another try would use up theirs.
      if (batch.some(({ MessageId }) => looked.has(MessageId))) {
        held.push(...batch);
        break;
      }
      for (const { MessageId } of batch) looked.add(MessageId);
      const ofPerson = batch.filter(({ Body = '' }) => isOfPerson(Body, person, upToMs));
      const gone = isErasing ? await remove(client, url, ofPerson) : [];
      found.push(...(isErasing ? gone : ofPerson));
      held.push(...batch.filter((message) => !gone.includes(message)));
    }
  } finally {
    await giveBack(client, url, held);
  }
  return {
    queue: name,
    isDeadLetters: sources.length > 0,
    bodies: found.map(({ Body = '' }) => Body),
    isWhole,
  };
}

/**
 * An event tells whose it is. Everything else is taken by the id that stands in it: a lookup, a wake-up and a published
 * event hold nothing but ids, and what this version cannot read, and names the person, is theirs as far as can be told.
 */
function isOfPerson(body: string, person: Person, upToMs: number): boolean {
  if (!person.isNamedIn(body)) return false;
  try {
    const read = readBody(sqsRecord({ Body: body }));
    if ('update' in read) return read.update.at <= upToMs;
    if (!('event' in read)) return false;
    const { event, receivedAtMs } = read;
    if (event.type === 'other') return true;
    return person.ids.includes(event.customerId) && (event.time?.atMs ?? receivedAtMs) <= upToMs;
  } catch {
    return true;
  }
}
