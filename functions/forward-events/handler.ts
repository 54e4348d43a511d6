import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { PublishedEvent } from '../../shared/conversations/published-event.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { RetryLater, subscriber } from '../../shared/subscribing/subscriber.ts';
import { postEvent } from './post-event.ts';
import { retryDelay } from './retry-schedule.ts';
import { signingSecrets } from './signing-secrets.ts';

/** Forwards each event to the owner's endpoint, until it is taken or a day is over. */
export const handler = subscriber(async (event, { tries }) => {
  const posted = await postEvent(event, {
    url: required('FORWARD_EVENTS_URL'),
    secrets: await signingSecrets(),
  });
  switch (posted.outcome) {
    case 'taken':
      log.info('event forwarded', { event_id: event.id, type: event.type, tries });
      return;
    case 'gone':
      log.error('the endpoint is gone (410): the event is put aside', { event_id: event.id });
      await putAside(event);
      return;
    case 'failed':
      throw new RetryLater(retryDelay(tries, posted.retryAfter, Date.now()), posted.why);
  }
});

/** To the dead letters, where it stays until somebody decides: `npm run redrive` forwards it after all. */
async function putAside(event: PublishedEvent): Promise<void> {
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: required('DEAD_LETTER_QUEUE_URL'),
      MessageBody: JSON.stringify(event),
    }),
  );
}
