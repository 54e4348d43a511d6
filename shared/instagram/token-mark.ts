import { contentHash } from '../runtime/json.ts';
import type { GraphSecret } from '../runtime/secrets.ts';

/** Tells a token with its proof from another one, without being one. */
export function tokenMark({
  access_token: token,
  appsecret_proof: proof,
}: Pick<GraphSecret, 'access_token' | 'appsecret_proof'>): string {
  return contentHash(proof === undefined ? token : [token, proof]).slice(0, 16);
}
