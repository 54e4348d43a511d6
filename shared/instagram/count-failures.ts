import { log } from '../runtime/log.ts';
import { measured, metricNames } from '../runtime/metrics.ts';
import { explainGraphError } from './graph-error-catalogue.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from './graph-errors.ts';

/**
 * Passes a Graph call's outcome on, and counts a failure that somebody should hear of: Meta failed, was not reached,
 * throttles, or refuses the account as a whole. What it refuses for this message or this customer is its caller's.
 */
export async function countingFailures<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isOfTheAccount(error)) {
      const counted = measured({ [metricNames.graphErrors]: 1 });
      // Where nobody collects counts, as in the owner's commands, whoever calls says what failed.
      if ('_aws' in counted) log.warn('Meta failed', counted);
    }
    throw error;
  }
}

function isOfTheAccount(error: unknown): boolean {
  if (error instanceof GraphNotReachedError || error instanceof GraphNoAnswerError) return true;
  if (!(error instanceof GraphError)) return false;
  const { code, error_subcode, message } = error.details;
  const { status, retry } = explainGraphError(code, error_subcode, message);
  return status !== 400 || retry === 'new_token' || retry === 'block_ends';
}
