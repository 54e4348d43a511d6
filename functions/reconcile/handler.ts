import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { lookup } from '../../shared/reconcile/lookup.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { delayRetry } from './delay-retry.ts';
import { perform } from './perform.ts';
import { runtimeParts } from './runtime-parts.ts';

/** Looks up at Meta what no webhook told: by the schedule what changed, and whatever was asked for on the queue. */
export const handler = async (
  event: SQSEvent | Record<string, unknown>,
  context: Context,
): Promise<SQSBatchResponse> => {
  const parts = await runtimeParts(context.getRemainingTimeInMillis());
  if (!isBatch(event)) {
    await perform({ v: 1, task: 'changed' }, parts);
    return { batchItemFailures: [] };
  }
  const failed: SQSRecord[] = [];
  for (const record of event.Records) {
    try {
      await perform(lookup.parse(JSON.parse(record.body)), parts);
    } catch (error) {
      log.error('a lookup failed', { ...errorFacts(error), sqs_message_id: record.messageId });
      failed.push(record);
    }
  }
  await delayRetry(failed);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};

const isBatch = (event: SQSEvent | Record<string, unknown>): event is SQSEvent =>
  Array.isArray((event as SQSEvent).Records);
