import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { log } from '../../shared/runtime/log.ts';
import { emit, metricNames } from '../../shared/runtime/metrics.ts';
import { delayRetries } from './delay-retries.ts';
import { readRecords } from './read-records.ts';
import { storeBatch } from './store-batch.ts';

/** Stores a batch of the events queue and says which records were not: those alone come again. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const { readable, failures: unreadable } = readRecords(event.Records);
  const { failures, stored, unchanged, fromTheFuture, lagMs } = await storeBatch(readable);
  const failed = [...unreadable, ...failures];
  log.info('events stored', { events: event.Records.length, stored, unchanged, failed: failed.length });
  emit({
    [metricNames.eventsStored]: stored,
    [metricNames.eventsUnchanged]: unchanged,
    [metricNames.eventsFailed]: failed.length,
    [metricNames.eventsFromTheFuture]: fromTheFuture,
    ...(lagMs !== undefined && { [metricNames.lagMs]: lagMs }),
  });
  await delayRetries(failed);
  return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
};
