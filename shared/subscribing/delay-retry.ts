import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { errorFacts, log } from '../runtime/log.ts';

/** SQS hides a message for no more than twelve hours from when it was received. */
const maxVisibilitySeconds = 12 * 60 * 60 - 60;

/** Sets when a failed event comes again. When that fails the queue's visibility timeout holds. */
export async function delayRetry({ receiptHandle }: SQSRecord, afterSeconds: number): Promise<void> {
  try {
    await sqs().send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: required('SUBSCRIBER_QUEUE_URL'),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(Math.ceil(afterSeconds), maxVisibilitySeconds),
      }),
    );
  } catch (error) {
    log.warn('the delay of a failed event could not be set', errorFacts(error));
  }
}
