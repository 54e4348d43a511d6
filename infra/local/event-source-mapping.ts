import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { WriteLine } from './function-environment.ts';
import { region } from './identities.ts';
import type { LocalFunction } from './local-function.ts';
import { consumeQueue, type QueueConsumer } from './queue-consumer.ts';
import { TemplateError } from './template.ts';

const properties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().int().min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: z.coerce.number().min(0).max(300).default(0),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number().int().min(2) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(true),
});
export type EventSourceMapping = z.infer<typeof properties>;

/** On a few cores more batches at once only make each of them smaller: measured, two store the most. */
const maxConcurrency = 2;

const batchFailures = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

export function readEventSourceMapping(logicalId: string, value: unknown): EventSourceMapping {
  if (typeof value === 'object' && value !== null && 'FilterCriteria' in value) {
    throw new TemplateError(`${logicalId}: FilterCriteria is not supported on this machine.`);
  }
  const parsed = properties.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TemplateError(`${logicalId}: ${z.prettifyError(parsed.error)}`);
}

/** Feeds a function from a queue as Lambda does, partial batch answers included. */
export function startEventSourceMapping(
  mapping: EventSourceMapping,
  target: LocalFunction,
  source: { readonly client: SQSClient; readonly queueUrl: string },
  writeLine: WriteLine,
): QueueConsumer {
  const reportsFailures = mapping.FunctionResponseTypes.length > 0;
  return consumeQueue({
    ...source,
    batchSize: mapping.BatchSize,
    windowSeconds: mapping.MaximumBatchingWindowInSeconds,
    concurrency: Math.min(mapping.ScalingConfig?.MaximumConcurrency ?? maxConcurrency, maxConcurrency),
    writeLine,
    consume: async (batch) => {
      try {
        const answer = await target.invoke(toEvent(batch, mapping.EventSourceArn));
        return reportsFailures ? succeeded(batch, answer) : batch;
      } catch (error) {
        // The whole batch goes round again, and in the end to the dead-letter queue.
        writeLine(
          `batch of ${batch.length} failed: ${error instanceof Error ? error.message : String(error)}`,
        );
        return [];
      }
    },
  });
}

/**
 * What the answer does not name as failed. Nothing, when the answer is not one: a null or unknown id fails the
 * whole batch (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
export function succeeded(batch: readonly Message[], answer: unknown): readonly Message[] {
  const parsed = batchFailures.nullish().safeParse(answer);
  if (!parsed.success) return [];
  const failed = new Set(parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  const ids = new Set(batch.map(({ MessageId }) => MessageId));
  if (!failed.isSubsetOf(ids)) return [];
  return batch.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
}

function toEvent(batch: readonly Message[], eventSourceARN: string): SQSEvent {
  return { Records: batch.map((message) => toRecord(message, eventSourceARN)) };
}

function toRecord(message: Message, eventSourceARN: string): SQSRecord {
  const attributes = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ...attributes,
      ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? '1',
      SentTimestamp: attributes.SentTimestamp ?? '',
      SenderId: attributes.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? '',
    },
    messageAttributes: messageAttributes(message),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: region,
  };
}

function messageAttributes({ MessageAttributes = {} }: Message): SQSMessageAttributes {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType ?? 'String',
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  );
}
