import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { beginLog, errorFacts, log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';
import { graphTimeoutMs } from '../../shared/sending/outbox.ts';
import { wakeUp } from '../../shared/sending/wake-up.ts';
import { deliverThread } from './deliver-thread.ts';
import { sweep } from './sweep.ts';

/** Left for writing down the outcome of the last request. */
const reserveMs = 5_000;

/** Sends what waits: in the threads that were woken or, by the schedule, wherever something got stuck. */
export const handler = async (
  event: SQSEvent | Record<string, unknown>,
  context: Context,
): Promise<SQSBatchResponse> => {
  beginLog({ function_request_id: context.awsRequestId });
  const beginBeforeMs =
    Date.now() + context.getRemainingTimeInMillis() - Math.max(...Object.values(graphTimeoutMs)) - reserveMs;
  if (!isBatch(event)) {
    const swept = await sweep();
    log.info('sends looked after', {
      ...swept,
      ...measured({
        [metricNames.sendsUnknown]: swept.unknown,
        // The zero that the failures are told apart from: they are counted where they happen.
        [metricNames.graphErrors]: 0,
      }),
    });
    return { batchItemFailures: [] };
  }
  const failed: string[] = [];
  for (const record of event.Records) {
    try {
      const { account_id, thread } = wakeUp.parse(JSON.parse(record.body));
      await deliverThread(account_id, thread, beginBeforeMs);
    } catch (error) {
      log.error('a thread could not be delivered', {
        ...errorFacts(error),
        sqs_message_id: record.messageId,
      });
      failed.push(record.messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};

const isBatch = (event: SQSEvent | Record<string, unknown>): event is SQSEvent =>
  Array.isArray((event as SQSEvent).Records);
