import { type GraphSecret, secrets } from '../runtime/secrets.ts';
import { GraphError } from './graph-errors.ts';

/** Meta's code for a token that is expired or invalid. */
const invalidTokenCode = 190;

/**
 * Makes a Graph call with the cached token and, when Meta refuses that, once more with one stored since. A call
 * that was refused did nothing, so this sends nothing twice.
 */
export async function withCurrentToken<T>(call: (secret: GraphSecret) => Promise<T>): Promise<T> {
  const used = await secrets.graph();
  try {
    return await call(used);
  } catch (error) {
    if (!(error instanceof GraphError) || error.details.code !== invalidTokenCode) throw error;
    const current = await secrets.refetchGraph();
    if (!current || current.access_token === used.access_token) throw error;
    return call(current);
  }
}
