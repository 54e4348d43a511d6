import type { Construct } from 'constructs';
import type { ConversationStore } from './conversation-store.ts';
import { consumerTimeoutSeconds, type EventQueue } from './event-queue.ts';
import type { EventTopic } from './event-topic.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { ReconcileQueue } from './reconcile-queue.ts';

export interface StoreEventsProps {
  readonly events: EventQueue;
  readonly lookups: ReconcileQueue;
  readonly store: ConversationStore;
  readonly topic: EventTopic;
}

/** Takes events off the queue, merges them into the store and tells the topic: the only writer of messages. */
export class StoreEvents extends GatewayFunction {
  constructor(scope: Construct, id: string, { events, lookups, store, topic }: StoreEventsProps) {
    super(scope, id, {
      name: 'store-events',
      memoryMegabytes: 512,
      timeoutSeconds: consumerTimeoutSeconds,
    });
    store.grant(this, 'GetItem', 'PutItem', 'UpdateItem');
    topic.grantPublish(this);
    lookups.grantSend(this);
    events.feed(this);
  }
}
