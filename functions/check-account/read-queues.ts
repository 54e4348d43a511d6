import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { CheckInput } from '../../shared/account/check-account.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';

/** How many events wait, by SQS's own estimate; `undefined` when it does not tell. */
export async function readQueues(): Promise<CheckInput['queues']> {
  try {
    const [events, dead] = await Promise.all([
      count(required('EVENTS_QUEUE_URL')),
      count(required('DEAD_LETTER_QUEUE_URL')),
    ]);
    return { ...events, deadLetters: dead.waiting + dead.inFlight };
  } catch (error) {
    log.warn('the queues could not be looked at', errorFacts(error));
    return undefined;
  }
}

const counts = z.object({
  ApproximateNumberOfMessages: z.coerce.number(),
  ApproximateNumberOfMessagesNotVisible: z.coerce.number(),
});

async function count(QueueUrl: string): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes } = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const told = counts.parse(Attributes);
  return {
    waiting: told.ApproximateNumberOfMessages,
    inFlight: told.ApproximateNumberOfMessagesNotVisible,
  };
}
