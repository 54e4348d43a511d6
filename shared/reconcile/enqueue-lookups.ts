import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { queueJson } from '../runtime/json.ts';
import { errorFacts, log } from '../runtime/log.ts';
import type { DueLookup } from './lookup.ts';

const maxBatchEntries = 10;

/** Asks for lookups. A failure is logged and no more: the next reconciliation finds what they were about. */
export async function enqueueLookups(lookups: readonly DueLookup[]): Promise<void> {
  for (let start = 0; start < lookups.length; start += maxBatchEntries) {
    try {
      const { Failed = [] } = await sqs().send(
        new SendMessageBatchCommand({
          QueueUrl: required('RECONCILE_QUEUE_URL'),
          Entries: lookups.slice(start, start + maxBatchEntries).map(({ lookup, delaySeconds }, place) => ({
            Id: String(place),
            MessageBody: queueJson(lookup),
            DelaySeconds: delaySeconds,
          })),
        }),
      );
      if (Failed.length > 0) log.warn('lookups were not taken by the queue', { lookups: Failed.length });
    } catch (error) {
      log.warn('lookups could not be enqueued', errorFacts(error));
    }
  }
}
