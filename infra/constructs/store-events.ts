import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { ConversationStore } from './conversation-store.ts';
import { consumerTimeoutSeconds, type EventQueue } from './event-queue.ts';
import type { EventTopic } from './event-topic.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { ReconcileQueue } from './reconcile-queue.ts';
import type { SendQueue } from './send-queue.ts';

export interface StoreEventsProps {
  readonly events: EventQueue;
  readonly sends: SendQueue;
  readonly lookups: ReconcileQueue;
  readonly store: ConversationStore;
  readonly topic: EventTopic;
}

/** Takes events off the queue, merges them into the store and tells the topic: the only writer of messages. */
export class StoreEvents extends GatewayFunction {
  constructor(scope: Construct, id: string, props: StoreEventsProps) {
    super(scope, id, {
      name: 'store-events',
      memoryMegabytes: 512,
      timeoutSeconds: consumerTimeoutSeconds,
    });
    const { events, sends, lookups, store, topic } = props;
    store.grant(this, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem');
    // A send whose outcome turns out goes on, and is recorded.
    events.grantSend(this);
    sends.grantSend(this);
    topic.grantPublish(this);
    lookups.grantSend(this);
    events.feed(this);
    // The text of an unsent message would stay in its dead letter for 14 days.
    events.grantSweep(this);
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(this.function)],
    });
  }
}
