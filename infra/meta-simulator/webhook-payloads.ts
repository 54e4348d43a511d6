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
