import { explainGraphError } from '../instagram/graph-error-catalogue.ts';
import { GraphError } from '../instagram/graph-errors.ts';

/** Meta names no time after which a throttled account may call again, unless in a header. MP §8.2 */
export const throttledMs = 60_000;

export const isRateLimit = (cause: unknown) =>
  cause instanceof GraphError &&
  explainGraphError(cause.details.code, cause.details.error_subcode).status === 429;
