import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Real mids have 164 characters, begin and end like this, and name nothing a reader could rely on. */
const midPrefix = 'aWdfZAG1faXRlbTox';
const midSuffix = 'ZD';
const midLength = 164;

function letters(bytes: Buffer): string {
  return bytes.toString('base64url').replace(/[-_]/g, 'Z');
}

export function newMid(): string {
  const middle = letters(randomBytes(midLength)).slice(0, midLength - midPrefix.length - midSuffix.length);
  return `${midPrefix}${middle}${midSuffix}`;
}

/** The same two people always share the same conversation. */
export function conversationId(accountId: string, customerId: string): string {
  return `aWdfZAG06${letters(createHash('sha256').update(`${accountId}/${customerId}`).digest())}ZD`;
}

export function newTraceId(): string {
  return `A${letters(randomBytes(16))}`;
}

/** Meta's challenge is an integer. */
export function newChallenge(): string {
  return String(randomInt(100_000_000, 1_000_000_000));
}
