import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FunctionName } from '../../functions/routes.ts';
import type { PublishedType } from '../../shared/conversations/published-event.ts';
import type { EventTopic } from './event-topic.ts';
import { type FunctionEnvironment, GatewayFunction } from './gateway-function.ts';

export interface EventSubscriberProps {
  readonly topic: EventTopic;
  /** The folder under functions/, whose handler is a `subscriber(…)` of shared/subscribing. */
  readonly name: FunctionName;
  /** The events that it gets (docs/events.md); SNS keeps back all others. */
  readonly types: readonly [PublishedType, ...PublishedType[]];
  readonly environment?: FunctionEnvironment;
  /** Default 256. */
  readonly memoryMegabytes?: number;
  /** Default 30. */
  readonly timeoutSeconds?: number;
  /** Events in one call of the function. Default 10. */
  readonly batchSize?: number;
  /** How often an event is tried before it becomes a dead letter. Default 5. */
  readonly maxReceiveCount?: number;
}

/**
 * The one way in which code gets the published events: a function with a queue and dead letters of its own, so that
 * whatever it does, no message is lost or delayed by it, nor any other subscriber. It may write to its own log and
 * read its own queue; each further right is granted by what it is for (`store.grant(…)`, `sends.grantSend(…)`).
 *
 * An event that it fails on comes again, five times in all unless told otherwise; what is left then rings the alarm of
 * its dead letters. Its queues are not retained: the messages themselves are in the store.
 */
export class EventSubscriber extends GatewayFunction {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: EventSubscriberProps) {
    const { topic, name, types, environment = {} } = props;
    const { memoryMegabytes = 256, timeoutSeconds = 30, batchSize = 10, maxReceiveCount = 5 } = props;
    super(scope, id, { name, memoryMegabytes, timeoutSeconds, environment });
    const shared = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...shared,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...shared,
      retentionPeriod: Duration.days(4),
      // AWS asks for six times the function's timeout.
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    this.setVariable('SUBSCRIBER_QUEUE_URL', this.queue.queueUrl);
    topic.topic.addSubscription(
      new SqsSubscription(this.queue, {
        rawMessageDelivery: true,
        filterPolicy: { type: SubscriptionFilter.stringFilter({ allowlist: [...types] }) },
        // What SNS cannot put into the queue, such as while its policy is wrong.
        deadLetterQueue: this.deadLetterQueue,
      }),
    );
    this.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        // The least that Lambda takes: a new account may run ten functions at once, and the gateway needs them.
        maxConcurrency: 2,
      }),
    );
    topic.subscribers.push(this);
  }
}
