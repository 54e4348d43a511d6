import { inspect } from 'node:util';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { WriteLine } from './function-environment.ts';
import { consumeQueue, type QueueConsumer } from './queue-consumer.ts';

/** The queue on this machine that listens to every topic for the console. */
export const consoleQueue = 'local-console';

const received = z.object({
  type: z.literal('message.received'),
  customer_id: z.string(),
  message_id: z.string(),
  text_bytes: z.number().default(0),
  attachments: z.number().default(0),
  /** Meta's time in ms. */
  at: z.number().optional(),
});

/**
 * Writes a line for each stored incoming message. It learns of them from the events topic: the functions' own
 * logs name no customer.
 */
export function writeMessageLines(client: SQSClient, queueUrl: string, writeLine: WriteLine): QueueConsumer {
  return consumeQueue({
    client,
    queueUrl,
    batchSize: 10,
    windowSeconds: 0,
    concurrency: 1,
    writeLine,
    consume: async (batch) => {
      for (const { Body = '' } of batch) {
        const line = messageLine(Body);
        if (line) writeLine(line);
      }
      return batch;
    },
  });
}

/** `New message from 123: { messageId: 'm', textBytes: 12, attachments: 0, timestamp: 1527459824000 }` */
export function messageLine(body: string): string | undefined {
  const parsed = received.safeParse(parse(body));
  if (!parsed.success) return undefined;
  const { customer_id, message_id, text_bytes, attachments, at } = parsed.data;
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
