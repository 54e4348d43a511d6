import { type GraphSecret, secrets } from '../runtime/secrets.ts';
import { explainGraphError } from './graph-error-catalogue.ts';
import { GraphError } from './graph-errors.ts';

/**
 * Makes a Graph call with the cached token and, when Meta refuses that or its proof, once more with what was stored
 * since. A call that was refused did nothing, so this sends nothing twice.
 */
export async function withCurrentToken<T>(call: (secret: GraphSecret) => Promise<T>): Promise<T> {
  const used = await secrets.graph();
  try {
    return await call(used);
  } catch (error) {
    if (!isOfTheToken(error)) throw error;
    const current = await secrets.refetchGraph();
    if (!current || isSame(current, used)) throw error;
    return call(current);
  }
}

function isOfTheToken(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  const { code, error_subcode, message } = error.details;
  return explainGraphError(code, error_subcode, message).retry === 'new_token';
}

function isSame(a: GraphSecret, b: GraphSecret): boolean {
  return a.access_token === b.access_token && a.appsecret_proof === b.appsecret_proof;
}
