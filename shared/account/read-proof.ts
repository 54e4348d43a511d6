import * as z from 'zod/mini';
import { appsecretProof } from '../instagram/appsecret-proof.ts';
import type { GraphCaller } from '../instagram/graph-client.ts';
import type { WebhookSecret } from '../runtime/secrets.ts';
import { describeFailure, isRefusal, readGraph } from './graph-reading.ts';

/** Which secrets prove the token, which means that they belong to the token's app. */
export type ProofReading =
  | { readonly kind: 'read'; readonly places: readonly number[] }
  /** A made-up proof passes as well, so a real one says nothing. */
  | { readonly kind: 'not_looked_at' }
  | { readonly kind: 'unread'; readonly why: string };

const anything = z.object({ id: z.string() });

/**
 * Proves a good token with each app secret, and with a made-up one. Whether Instagram login looks at proofs,
 * and which of an app's two secrets makes them there, is not documented.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
export async function readProofs(
  { login, access_token }: Pick<GraphCaller, 'login' | 'access_token'>,
  apps: WebhookSecret['apps'],
  timeoutMs: number,
): Promise<ProofReading> {
  const prove = async (proof: string): Promise<boolean | string> => {
    const caller = { login, access_token, appsecret_proof: proof };
    const reading = await readGraph(caller, { path: '/me', query: { fields: 'id' }, timeoutMs }, anything);
    if (reading.ok) return true;
    return isRefusal(reading.failure, 100) ? false : describeFailure(reading.failure);
  };
  const [madeUp, ...proofs] = await Promise.all(
    ['made up', ...apps.map((app) => app.app_secret)].map((secret) =>
      prove(appsecretProof(access_token, secret)),
    ),
  );
  const unread = [madeUp, ...proofs].find((proof) => typeof proof === 'string');
  if (unread !== undefined) return { kind: 'unread', why: String(unread) };
  if (madeUp === true) return { kind: 'not_looked_at' };
  return { kind: 'read', places: proofs.flatMap((proof, place) => (proof === true ? [place] : [])) };
}
