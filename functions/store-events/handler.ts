import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { beginLog, log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';
import { delayRetries } from './delay-retries.ts';
import { observeDeliveries, observeNotices, observeStored } from './observe-batch.ts';
import { deliveriesOf, type FailedRecord, type ReadableRecord, readRecords } from './read-records.ts';
import { settleSends } from './settle-sends.ts';
import { storeBatch } from './store-batch.ts';
import { sweepDeadLetters } from './sweep-dead-letters.ts';
import { tellOfSends } from './tell-of-sends.ts';

/**
 * Stores a batch of the events queue and says which records were not: those alone come again. By the schedule,
 * looks through the dead letters.
 */
export const handler = async (
  event: SQSEvent | Record<string, unknown>,
  context: Context,
): Promise<SQSBatchResponse> => {
  beginLog({ function_request_id: context.awsRequestId });
  if (!isBatch(event)) {
    log.info('dead letters swept', await sweepDeadLetters());
    return { batchItemFailures: [] };
  }
  const { readable, updates, notices, failures } = readRecords(event.Records);
  const untold = await tellOfSends(updates);
  const unread = [...failures, ...untold];
  const failed = readable.length + unread.length > 0 ? await storeEvents(readable, unread) : [];
  if (notices.length > 0) {
    log.info('notices read', { notices: notices.length });
    await observeNotices(notices);
  }
  return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
};

const isBatch = (event: SQSEvent | Record<string, unknown>): event is SQSEvent =>
  Array.isArray((event as SQSEvent).Records);

/** @returns the records that come again. */
async function storeEvents(
  readable: readonly ReadableRecord[],
  unreadable: readonly FailedRecord[],
): Promise<readonly FailedRecord[]> {
  const { failures, stored, unchanged, recovered, outdated, fromTheFuture, lagMs } =
    await storeBatch(readable);
  const failed = [...unreadable, ...failures];
  log.info('events stored', {
    events: readable.length + unreadable.length,
    stored,
    unchanged,
    recovered,
    ...(outdated > 0 && { outdated }),
    failed: failed.length,
    ...(lagMs !== undefined && { lag_ms: lagMs }),
    delivery_ids: deliveriesOf(readable),
    ...measured({
      [metricNames.eventsStored]: stored,
      [metricNames.eventsUnchanged]: unchanged,
      [metricNames.eventsFailed]: failed.length,
      [metricNames.messagesRecovered]: recovered,
      [metricNames.eventsFromTheFuture]: fromTheFuture,
      ...(lagMs !== undefined && { [metricNames.lagMs]: lagMs }),
    }),
  });
  await settleSends(readable.filter((record) => !failed.some((each) => each.record === record.record)));
  await delayRetries(failed);
  await Promise.all([
    observeDeliveries(readable.filter(({ source }) => source === 'webhook')),
    ...(stored + unchanged > 0 ? [observeStored()] : []),
  ]);
  return failed;
}
