import { finding } from '../findings.ts';
import type { Observations } from '../health-store.ts';
import { isOwnChallenge } from '../own-challenge.ts';
import { at } from '../words.ts';
import { type Check, found, nothing } from './check.ts';

/** When Meta made its handshake last; one that a command of ours made does not count. */
export function handshakeOfMetaAtMs({ handshakeAtMs, handshakeChallenge }: Observations): number | undefined {
  return handshakeChallenge !== undefined && isOwnChallenge(handshakeChallenge) ? undefined : handshakeAtMs;
}

/** Whether somebody knocked with another verify token, and nothing has gone well since. */
export const checkHandshake: Check = ({ observed }) => {
  const { wrongVerifyTokenAtMs, deliveryAtMs = 0 } = observed;
  const handshakeAtMs = handshakeOfMetaAtMs(observed);
  if (wrongVerifyTokenAtMs === undefined) return nothing;
  if (wrongVerifyTokenAtMs <= Math.max(handshakeAtMs ?? 0, deliveryAtMs)) return nothing;
  return found(
    finding('verify_token_wrong', `A handshake with another verify token was refused.`, [
      `It came at ${at(wrongVerifyTokenAtMs)}.`,
      handshakeAtMs === undefined
        ? 'None with the right one has come yet.'
        : `The last one with the right one came at ${at(handshakeAtMs)}.`,
    ]),
  );
};
