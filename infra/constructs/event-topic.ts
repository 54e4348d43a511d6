import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EventSubscriber } from './event-subscriber.ts';
import type { GatewayFunction } from './gateway-function.ts';

/**
 * Where the owner's own code subscribes. Not encrypted at rest: an event carries ids, times and kinds, never
 * text, SNS keeps it only until it is delivered, and a KMS key would have to be shared with each subscriber.
 */
export class EventTopic extends Construct {
  readonly topic: Topic;
  /** Whoever subscribed so far: the alarms watch the dead letters of each. */
  readonly subscribers: EventSubscriber[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
  }

  /** Gives the function the topic's ARN and the right to publish to it. */
  grantPublish(publisher: GatewayFunction): void {
    publisher.setVariable('EVENTS_TOPIC_ARN', this.topic.topicArn);
    publisher.allow(['sns:Publish'], [this.topic.topicArn]);
  }
}
