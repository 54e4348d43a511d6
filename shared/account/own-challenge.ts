import { randomInt } from 'node:crypto';

const prefix = '7700';
/** Fifteen in all: whoever reads it as a number keeps it exactly. */
const digits = 11;

/**
 * A number with which a command of ours makes the handshake: longer than those of Meta, and with a beginning of
 * its own, so that a handshake of ours is never taken for Meta's.
 */
export function newOwnChallenge(): string {
  return prefix + Array.from({ length: digits }, () => randomInt(10)).join('');
}

export function isOwnChallenge(challenge: string): boolean {
  return (
    challenge.startsWith(prefix) && /^\d+$/.test(challenge) && challenge.length === prefix.length + digits
  );
}
