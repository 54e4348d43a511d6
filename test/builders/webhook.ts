import { createHmac } from 'node:crypto';

export const accountId = '17841400000000001';
export const customerId = '1234567890123456';

export interface MessagingItem {
  readonly sender: { readonly id: string };
  readonly recipient: { readonly id: string };
  readonly timestamp: number | string;
  readonly [kind: string]: unknown;
}

/** A messaging item of a customer's message, in the form of real deliveries. */
export function messageItem(
  message: Record<string, unknown>,
  overrides: Partial<MessagingItem> = {},
): MessagingItem {
  return {
    sender: { id: customerId },
    recipient: { id: accountId },
    timestamp: 1760000000123,
    message,
    ...overrides,
  };
}

export function echoItem(
  message: Record<string, unknown>,
  overrides: Partial<MessagingItem> = {},
): MessagingItem {
  return messageItem(
    { ...message, is_echo: true },
    { sender: { id: accountId }, recipient: { id: customerId }, ...overrides },
  );
}

/** The messaging envelope around some items. */
export function delivery(...items: readonly unknown[]) {
  return { object: 'instagram', entry: [{ id: accountId, time: 1760000000456, messaging: items }] };
}

/** Signs as Meta does: hex HMAC-SHA256 of the bytes with the app secret. */
export function sign(body: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The bytes that Meta sends: JSON in ASCII, the rest escaped in lowercase hex. */
export function metaBytes(payload: unknown): string {
  return JSON.stringify(payload).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
