import { changesDelivery, messagingDelivery, type WebhookEvent } from '../meta-simulator/webhook-payloads.ts';

export const deliveryKinds = [
  'message',
  'changes',
  'echo',
  'edit',
  'reaction',
  'seen',
  'unsend',
  'postback',
] as const;

export type DeliveryKind = (typeof deliveryKinds)[number];

/** Kinds that speak of a message sent before, and so need its mid. */
export const kindsAboutAMessage: readonly DeliveryKind[] = ['edit', 'reaction', 'seen', 'unsend'];

export interface TestDelivery {
  readonly accountId: string;
  readonly customerId: string;
  readonly mid: string;
  readonly text: string;
  readonly nowMs: number;
}

/** A whole delivery of one event, as Meta would send it. */
export function testDelivery(kind: DeliveryKind, delivery: TestDelivery): Record<string, unknown> {
  const { accountId, customerId, mid, text, nowMs } = delivery;
  const fromCustomer: WebhookEvent = {
    sender: { id: customerId },
    recipient: { id: accountId },
    timestamp: nowMs,
  };
  const fromBusiness: WebhookEvent = {
    sender: { id: accountId },
    recipient: { id: customerId },
    timestamp: nowMs,
  };
  switch (kind) {
    case 'message':
      return messagingDelivery(accountId, { ...fromCustomer, message: { mid, text } });
    case 'changes':
      return changesDelivery(accountId, { ...fromCustomer, message: { mid, text, attachments: [] } });
    case 'echo':
      return messagingDelivery(accountId, { ...fromBusiness, message: { mid, text, is_echo: true } });
    case 'edit':
      return messagingDelivery(accountId, { ...fromCustomer, message_edit: { mid, text, num_edit: 1 } });
    case 'reaction': {
      const reaction = { mid, action: 'react', reaction: 'love', emoji: '\u2764\ufe0f' };
      return messagingDelivery(accountId, { ...fromCustomer, reaction });
    }
    case 'seen':
      return messagingDelivery(accountId, { ...fromCustomer, read: { mid } });
    case 'unsend':
      return messagingDelivery(accountId, { ...fromCustomer, message: { mid, is_deleted: true } });
    case 'postback':
      return messagingDelivery(accountId, {
        ...fromCustomer,
        postback: { mid, title: text, payload: 'TEST' },
      });
  }
}
