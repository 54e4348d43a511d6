import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { lookup } from '../../shared/reconcile/lookup.ts';
import type { ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { beginLog, errorFacts, log } from '../../shared/runtime/log.ts';
import { NotConnectedError } from '../../shared/runtime/secrets.ts';
import { delayRetry } from './delay-retry.ts';
import { perform } from './perform.ts';
import { runtimeParts } from './runtime-parts.ts';

/** Looks up at Meta what no webhook told: by the schedule what changed, and whatever was asked for on the queue. */
export const handler = async (
  event: SQSEvent | Record<string, unknown>,
  context: Context,
): Promise<SQSBatchResponse> => {
  beginLog({ function_request_id: context.awsRequestId });
  const parts = await connectedParts(context.getRemainingTimeInMillis());
  if (!parts) return { batchItemFailures: [] };
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

/** Nothing to read is no failure: once the gateway is connected, the next run finds what there is. */
async function connectedParts(remainingMs: number): Promise<ReconcileParts | undefined> {
  try {
    return await runtimeParts(remainingMs);
  } catch (error) {
    if (!(error instanceof NotConnectedError)) throw error;
    log.info('not connected to Instagram yet');
    return undefined;
  }
}

const isBatch = (event: SQSEvent | Record<string, unknown>): event is SQSEvent =>
  Array.isArray((event as SQSEvent).Records);
