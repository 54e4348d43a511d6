import type { SentMessage } from './send-message.ts';

/** Deliveries as Meta builds them, around one event each. */

export interface WebhookEvent {
  readonly sender: { readonly id: string };
  readonly recipient: { readonly id: string };
  /** Milliseconds. */
  readonly timestamp: number;
  readonly [content: string]: unknown;
}

/** The envelope of real deliveries. */
export function messagingDelivery(accountId: string, event: WebhookEvent): Record<string, unknown> {
  return { object: 'instagram', entry: [{ id: accountId, time: event.timestamp, messaging: [event] }] };
}

/** The envelope of the App Dashboard's tests: `changes`, and the time as a string of seconds. */
export function changesDelivery(accountId: string, event: WebhookEvent): Record<string, unknown> {
  const value = { ...event, timestamp: String(Math.floor(event.timestamp / 1000)) };
  return {
    object: 'instagram',
    entry: [{ id: accountId, time: event.timestamp, changes: [{ field: 'messages', value }] }],
  };
}

/** What Meta tells the business's own webhook about a message that the business sent. */
export function echoDelivery(accountId: string, { customer, message }: SentMessage): Record<string, unknown> {
  const { id: mid, text, replyToMid } = message;
  return messagingDelivery(accountId, {
    sender: { id: accountId },
    recipient: { id: customer.id },
    timestamp: message.sentAtMs,
    message: {
      mid,
      text,
      is_echo: true,
      ...(replyToMid === undefined ? {} : { reply_to: { mid: replyToMid } }),
    },
  });
}
