import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import type { FailedRecord } from './read-records.ts';

const permanentDelaySeconds = 1;
const firstDelaySeconds = 5;
const maxDelaySeconds = 180;

/** How long a failed record waits before it comes again: longer each time, hardly where waiting is useless. */
export function retryDelaySeconds({ record, isPermanent }: FailedRecord): number {
  if (isPermanent) return permanentDelaySeconds;
  const received = Number(record.attributes.ApproximateReceiveCount) || 1;
  return Math.min(firstDelaySeconds * 2 ** (received - 1), maxDelaySeconds);
}

/** Sets those delays. When that fails the queue's visibility timeout holds, so it is logged and no more. */
export async function delayRetries(failed: readonly FailedRecord[]): Promise<void> {
  if (failed.length === 0) return;
  try {
    await sqs().send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: required('EVENTS_QUEUE_URL'),
        Entries: failed.map((each, place) => ({
          Id: String(place),
          ReceiptHandle: each.record.receiptHandle,
          VisibilityTimeout: retryDelaySeconds(each),
        })),
      }),
    );
  } catch (error) {
    log.warn('the delay of failed events could not be set', errorFacts(error));
  }
}
