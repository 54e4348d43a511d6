import type { Construct } from 'constructs';
import type { ConversationStore } from './conversation-store.ts';
import { consumerTimeoutSeconds, type EventQueue } from './event-queue.ts';
import type { EventTopic } from './event-topic.ts';
import { GatewayFunction } from './gateway-function.ts';

export interface StoreEventsProps {
  readonly events: EventQueue;
  readonly store: ConversationStore;
  readonly topic: EventTopic;
}

/** Takes events off the queue, merges them into the store and tells the topic: the only writer of messages. */
export class StoreEvents extends GatewayFunction {
  constructor(scope: Construct, id: string, { events, store, topic }: StoreEventsProps) {
    super(scope, id, {
      name: 'store-events',
      memoryMegabytes: 512,
      timeoutSeconds: consumerTimeoutSeconds,
    });
    store.grant(this, 'GetItem', 'PutItem', 'UpdateItem');
    topic.grantPublish(this);
    events.feed(this);
  }
}
