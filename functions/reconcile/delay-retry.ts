import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';

const firstDelaySeconds = 30;
const maxDelaySeconds = 900;

/** Sets how long a failed lookup waits: longer each time, and less than the queue's visibility timeout at first. */
export async function delayRetry(failed: readonly SQSRecord[]): Promise<void> {
  for (const { receiptHandle, attributes } of failed) {
    const received = Number(attributes.ApproximateReceiveCount) || 1;
    try {
      await sqs().send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: required('RECONCILE_QUEUE_URL'),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: Math.min(firstDelaySeconds * 2 ** (received - 1), maxDelaySeconds),
        }),
      );
    } catch (error) {
      log.warn('the delay of a failed lookup could not be set', errorFacts(error));
    }
  }
}
