import type { EventTime } from '../instagram/event-time.ts';
import type { AccountId, CustomerId, MessageId } from '../instagram/ids.ts';
import type { AddressedEvent } from '../instagram/webhook-events.ts';
import type { MessageState } from './message-state.ts';

/** What a read of Graph proves of one message, found by `reconcile` and stored like any other event. */
export interface GraphEvent {
  readonly type: 'graph';
  readonly accountId: AccountId;
  readonly customerId: CustomerId;
  readonly messageId: MessageId;
  readonly time?: EventTime;
  readonly state: MessageState;
}

/** What the answer to a send of our own proves. */
export interface SendEvent extends Omit<GraphEvent, 'type'> {
  readonly type: 'send';
  readonly sendId: string;
  /** When the send was done with, in ms of our clock; on its last message alone. */
  readonly doneAtMs?: number;
}

/** What the answer to a reaction of our own proves. */
export interface OwnReactionEvent extends Omit<GraphEvent, 'type'> {
  readonly type: 'own_reaction';
}

/** Everything that changes a conversation. */
export type ConversationEvent = AddressedEvent | GraphEvent | SendEvent | OwnReactionEvent;
