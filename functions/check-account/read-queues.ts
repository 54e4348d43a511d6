import { type QueueDepths, queueDepths } from '../../shared/account/queue-depths.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';

/** How many events wait; `undefined` when SQS does not tell. */
export async function readQueues(): Promise<QueueDepths | undefined> {
  try {
    const urls = { events: required('EVENTS_QUEUE_URL'), deadLetters: required('DEAD_LETTER_QUEUE_URL') };
    return await queueDepths(sqs(), urls);
  } catch (error) {
    log.warn('the queues could not be looked at', errorFacts(error));
    return undefined;
  }
}
