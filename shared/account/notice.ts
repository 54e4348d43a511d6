import * as z from 'zod/mini';
import type { Noticed, ObservedTime } from './health-store.ts';
import { isOwnChallenge } from './own-challenge.ts';

/**
 * What the webhook noticed beside any event, version 1. It goes through the events queue, since the function that
 * receives may not touch the table; the queue's consumer writes it into the account's health.
 */
export const notice = z.object({
  v: z.literal(1),
  source: z.literal('notice'),
  notice: z.enum(['signature_failed', 'wrong_verify_token', 'handshake_passed', 'foreign_object']),
  /** When the request came, in ms. */
  at: z.int(),
  /** Of a handshake: what tells Meta's from our own trial. */
  challenge: z.optional(z.string()),
  /** Of a foreign delivery, such as `page`. */
  object: z.optional(z.string()),
});
export type Notice = z.infer<typeof notice>;

export const maxChallengeLength = 64;
const maxObjectLength = 32;

/** An object's name as it is kept: Meta's are lower-case words, and a longer one says nothing more. */
export function objectName(object: string): string {
  const name = object.slice(0, maxObjectLength).toLowerCase();
  return name.replaceAll(/[^a-z_]/g, '') || 'unknown';
}

/** What is remembered of a notice, and by which time a newer one is told; absent: the one that comes last counts. */
export function remembered({ notice: kind, at, challenge, object }: Notice): {
  readonly noticed: Noticed;
  readonly newestBy?: ObservedTime;
} {
  switch (kind) {
    case 'signature_failed':
      return { noticed: { signatureFailureAtMs: at }, newestBy: 'signatureFailureAtMs' };
    case 'wrong_verify_token':
      return { noticed: { wrongVerifyTokenAtMs: at }, newestBy: 'wrongVerifyTokenAtMs' };
    case 'handshake_passed':
      // A trial of our own proves nothing of Meta, and must not hide when Meta came last.
      return challenge !== undefined && isOwnChallenge(challenge)
        ? { noticed: { handshakeChallenge: challenge } }
        : { noticed: { handshakeAtMs: at, handshakeChallenge: challenge }, newestBy: 'handshakeAtMs' };
    case 'foreign_object':
      return { noticed: { foreignObjectAtMs: at, foreignObject: object }, newestBy: 'foreignObjectAtMs' };
  }
}
