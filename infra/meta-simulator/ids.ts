import { createHash } from 'node:crypto';
import type { Random } from './random.ts';

/** Real mids have 164 characters, begin and end like this, and name nothing a reader could rely on. */
const midPrefix = 'aWdfZAG1faXRlbTox';
const midSuffix = 'ZD';
const midLength = 164;

function letters(bytes: Buffer): string {
  return bytes.toString('base64url').replace(/[-_]/g, 'Z');
}

export function newMid(random: Random): string {
  const middle = letters(random.bytes(midLength)).slice(0, midLength - midPrefix.length - midSuffix.length);
  return `${midPrefix}${middle}${midSuffix}`;
}

/** The same two people always share the same conversation. */
export function conversationId(accountId: string, customerId: string): string {
  return `aWdfZAG06${letters(createHash('sha256').update(`${accountId}/${customerId}`).digest())}ZD`;
}

export function newTraceId(random: Random): string {
  return `A${letters(random.bytes(16))}`;
}

/** Meta's challenge is an integer. */
export function newChallenge(random: Random): string {
  return String(100_000_000 + random.below(900_000_000));
}

export function newAttachmentId(random: Random): string {
  return `${1 + random.below(9)}${String(random.below(10 ** 14)).padStart(14, '0')}`;
}

/** The same attachment always has the same id. */
export function attachmentIdOf(key: string): string {
  return String(createHash('sha256').update(key).digest().readUIntBE(0, 6) + 10 ** 15);
}
