import { inspect } from 'node:util';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { WriteLine } from './function-environment.ts';
import { consumeQueue, type QueueConsumer } from './queue-consumer.ts';

/** The queue on this machine that listens to every topic for the console. */
export const consoleQueue = 'local-console';

const received = z.object({
  /** The same for a second delivery of the same message. */
  id: z.string(),
  type: z.literal('message.received'),
  customer_id: z.string(),
  message_id: z.string(),
  text_bytes: z.number().default(0),
  attachments: z.number().default(0),
  /** Meta's time in ms. */
  at: z.number().optional(),
});

type ReceivedMessage = z.infer<typeof received>;

/** Second deliveries come within seconds; those of more messages ago have a second line. */
const rememberedMessages = 10_000;

/**
 * Writes a line for each stored incoming message, once. It learns of them from the events topic: the functions' own
 * logs name no customer.
 */
export function writeMessageLines(client: SQSClient, queueUrl: string, writeLine: WriteLine): QueueConsumer {
  const written = new Set<string>();
  return consumeQueue({
    client,
    queueUrl,
    batchSize: 10,
    windowSeconds: 0,
    concurrency: 1,
    writeLine,
    consume: async (batch) => {
      for (const { Body = '' } of batch) {
        const message = receivedMessage(Body);
        if (!message || written.has(message.id)) continue;
        if (written.size >= rememberedMessages) written.clear();
        written.add(message.id);
        writeLine(messageLine(message));
      }
      return batch;
    },
  });
}

/** The message that a published event tells of, if it is a stored incoming one. */
export function receivedMessage(body: string): ReceivedMessage | undefined {
  return received.safeParse(parse(body)).data;
}

/** `New message from 123: { messageId: 'm', textBytes: 12, attachments: 0, timestamp: 1527459824000 }` */
export function messageLine(message: ReceivedMessage): string {
  const { customer_id, message_id, text_bytes, attachments, at } = message;
  const details = { messageId: message_id, textBytes: text_bytes, attachments, timestamp: at };
  return `New message from ${customer_id}: ${inspect(details, { breakLength: Infinity })}`;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
