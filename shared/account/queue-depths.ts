import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

export interface QueueDepths {
  /** Neither taken nor delayed. */
  readonly waiting: number;
  readonly inFlight: number;
  readonly deadLetters: number;
}

export interface QueueUrls {
  readonly events: string;
  readonly deadLetters: string;
}

const counts = z.object({
  ApproximateNumberOfMessages: z.coerce.number(),
  ApproximateNumberOfMessagesNotVisible: z.coerce.number(),
});

/** How many events wait, by SQS's own estimate. Throws what SQS answers. */
export async function queueDepths(
  client: SQSClient,
  urls: QueueUrls,
  abortSignal?: AbortSignal,
): Promise<QueueDepths> {
  const count = async (QueueUrl: string) => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
      { ...(abortSignal && { abortSignal }) },
    );
    const told = counts.parse(Attributes);
    return {
      waiting: told.ApproximateNumberOfMessages,
      inFlight: told.ApproximateNumberOfMessagesNotVisible,
    };
  };
  const [events, dead] = await Promise.all([count(urls.events), count(urls.deadLetters)]);
  return { ...events, deadLetters: dead.waiting + dead.inFlight };
}
