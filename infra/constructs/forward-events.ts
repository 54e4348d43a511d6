import { Stack } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { retryDelaysSeconds } from '../../functions/forward-events/retry-schedule.ts';
import { type PublishedType, publishedTypes } from '../../shared/conversations/published-event.ts';
import { EventSubscriber } from './event-subscriber.ts';
import type { EventTopic } from './event-topic.ts';

export interface ForwardEventsProps {
  readonly topic: EventTopic;
  /** Where events are posted to. */
  readonly url: string;
}

/**
 * Posts every event to the owner's endpoint, signed. The secret is made without a value, which `npm run forward-secret`
 * writes: no template holds it and no deploy overwrites it. An event at a time, so that a slow endpoint fails one try.
 */
export class ForwardEvents extends EventSubscriber {
  readonly secret: CfnSecret;

  constructor(scope: Construct, id: string, { topic, url }: ForwardEventsProps) {
    super(scope, id, {
      topic,
      name: 'forward-events',
      types: publishedTypes as [PublishedType, ...PublishedType[]],
      environment: { FORWARD_EVENTS_URL: url },
      batchSize: 1,
      maxReceiveCount: retryDelaysSeconds.length + 1,
    });
    this.secret = new CfnSecret(this, 'ForwardSecret', {
      description: `${Stack.of(this).stackName}: what forwarded events are signed with`,
    });
    this.setVariable('FORWARD_SECRET_ARN', this.secret.ref);
    this.allow(['secretsmanager:GetSecretValue'], [this.secret.ref]);
    this.setVariable('DEAD_LETTER_QUEUE_URL', this.deadLetterQueue.queueUrl);
    this.allow(['sqs:SendMessage'], [this.deadLetterQueue.queueArn]);
  }
}
