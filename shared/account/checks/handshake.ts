import { finding } from '../findings.ts';
import { at } from '../words.ts';
import { type Check, found, nothing } from './check.ts';

/** Whether somebody knocked with another verify token, and nothing has gone well since. */
export const checkHandshake: Check = ({ observed }) => {
  const { wrongVerifyTokenAtMs, handshakeAtMs, deliveryAtMs = 0 } = observed;
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
