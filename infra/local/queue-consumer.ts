import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { WriteLine } from './function-environment.ts';

export interface QueueConsumerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Above 10 only with a window. */
  readonly batchSize: number;
  /** How long a batch is collected before it is handed over unfilled. */
  readonly windowSeconds: number;
  /** Batches at the same time. */
  readonly concurrency: number;
  readonly writeLine: WriteLine;
  /** Which of the batch was dealt with and is deleted; the others become visible again in their own time. */
  consume(batch: readonly Message[]): Promise<readonly Message[]>;
}

const maxReceived = 10;
const longPollSeconds = 20;
const retryMs = 1000;

export interface QueueConsumer {
  /** Takes no further message, and waits for the batches that are under way. */
  stop(): Promise<void>;
}

export function consumeQueue(options: QueueConsumerOptions): QueueConsumer {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loops = Array.from({ length: options.concurrency }, () => consumeUntil(signal, options));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function consumeUntil(signal: AbortSignal, options: QueueConsumerOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const batch = await collect(signal, options);
      if (batch.length > 0) await remove(await options.consume(batch), options);
    } catch (error) {
      if (signal.aborted) return;
      options.writeLine(`queue ${nameOf(options.queueUrl)}: ${String(error)}`);
      await delay(retryMs, undefined, { signal }).catch(() => {});
    }
  }
}

async function collect(signal: AbortSignal, options: QueueConsumerOptions): Promise<Message[]> {
  const { batchSize, windowSeconds } = options;
  const batch = await receive(signal, options, batchSize, longPollSeconds);
  const endMs = Date.now() + windowSeconds * 1000;
  while (batch.length > 0 && batch.length < batchSize && !signal.aborted) {
    const leftSeconds = Math.floor((endMs - Date.now()) / 1000);
    if (leftSeconds <= 0) break;
    batch.push(...(await receive(signal, options, batchSize - batch.length, leftSeconds)));
  }
  return batch;
}

async function receive(
  signal: AbortSignal,
  { client, queueUrl }: QueueConsumerOptions,
  count: number,
  waitSeconds: number,
): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: Math.min(count, maxReceived),
    WaitTimeSeconds: Math.min(waitSeconds, longPollSeconds),
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await client.send(command, { abortSignal: signal });
  return Messages;
}

async function remove(
  messages: readonly Message[],
  { client, queueUrl }: QueueConsumerOptions,
): Promise<void> {
  for (let from = 0; from < messages.length; from += maxReceived) {
    const Entries = messages
      .slice(from, from + maxReceived)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

function nameOf(queueUrl: string): string {
  return queueUrl.split('/').at(-1) ?? queueUrl;
}
