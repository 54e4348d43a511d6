import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { queueJson } from '../runtime/json.ts';
import { errorFacts, log } from '../runtime/log.ts';
import type { SendRow } from './send-row.ts';
import { toQueuedSends } from './sent-event.ts';

/** SQS takes 10 messages a batch. */
const maxBatchEntries = 10;

/** Puts what was sent into its conversation, by the events queue. Never throws: what is not recorded is found again. */
export async function recordSent(row: SendRow): Promise<void> {
  // All of them once more at the end: what was not taken before is made good then.
  const queued = toQueuedSends(row).slice(row.state.name === 'sent' ? 0 : -1);
  try {
    for (let start = 0; start < queued.length; start += maxBatchEntries) {
      const { Failed = [] } = await sqs().send(
        new SendMessageBatchCommand({
          QueueUrl: required('EVENTS_QUEUE_URL'),
          Entries: queued
            .slice(start, start + maxBatchEntries)
            .map((body, place) => ({ Id: String(place), MessageBody: queueJson(body) })),
        }),
      );
      if (Failed.length > 0) log.warn('a sent message could not be recorded yet', { parts: Failed.length });
    }
  } catch (error) {
    log.warn('a sent message could not be recorded yet', errorFacts(error));
  }
}
