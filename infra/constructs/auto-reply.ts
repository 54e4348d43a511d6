import type { Construct } from 'constructs';
import type { AutoReplyRules } from '../../functions/auto-reply/rules.ts';
import type { ConversationStore } from './conversation-store.ts';
import { EventSubscriber } from './event-subscriber.ts';
import type { EventTopic } from './event-topic.ts';
import type { SendQueue } from './send-queue.ts';

export interface AutoReplyProps {
  readonly topic: EventTopic;
  readonly store: ConversationStore;
  readonly sends: SendQueue;
  readonly rules: AutoReplyRules;
}

/** Answers customers by the owner's rules, through the outbox as any send. It has neither token nor key. */
export class AutoReply extends EventSubscriber {
  constructor(scope: Construct, id: string, { topic, store, sends, rules }: AutoReplyProps) {
    super(scope, id, {
      topic,
      name: 'auto-reply',
      types: ['message.received'],
      environment: { AUTO_REPLY_RULES: JSON.stringify(rules) },
    });
    store.grant(this, 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
    sends.grantSend(this);
  }
}
