/**
 * The ids of Instagram messaging, branded so that two kinds cannot be mixed up. All are opaque strings:
 * account ids exceed 2^53 and are never read as numbers.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Id of the business's Instagram professional account (`entry.id`, 1784…). */
export type AccountId = Branded<'AccountId'>;
/** Instagram-scoped id (IGSID) of a customer, as this business sees it. */
export type CustomerId = Branded<'CustomerId'>;
/** Meta's id of a message, `mid`. */
export type MessageId = Branded<'MessageId'>;

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;
// A mid of 164 characters was seen; the sort keys that hold it may have 1,024 bytes.
const maxMessageIdBytes = 512;

const isPersonOrAccountId = (value: unknown): value is string =>
  typeof value === 'string' && idPattern.test(value);

export function accountId(value: unknown): AccountId | undefined {
  return isPersonOrAccountId(value) ? (value as AccountId) : undefined;
}

export function customerId(value: unknown): CustomerId | undefined {
  return isPersonOrAccountId(value) ? (value as CustomerId) : undefined;
}

export function messageId(value: unknown): MessageId | undefined {
  return typeof value === 'string' &&
    value.length > 0 &&
    value.isWellFormed() &&
    Buffer.byteLength(value) <= maxMessageIdBytes
    ? (value as MessageId)
    : undefined;
}
