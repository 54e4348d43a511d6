import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';
import { errorFacts, log } from '../runtime/log.ts';
import { healthStore, type Noticed, type ObservedTime } from './health-store.ts';

/** An observation is evidence, and never worth more of a caller's time. */
const maxMs = 1000;

/**
 * Remembers what a function noticed while it did something else. It takes a second at most, and a failure is
 * logged and is nobody's.
 */
export async function observeBriefly(noticed: Noticed, newestBy?: ObservedTime): Promise<void> {
  try {
    await healthStore(dynamodb(), required('TABLE_NAME')).observe(noticed, {
      abortSignal: AbortSignal.timeout(maxMs),
      ...(newestBy && { newestBy }),
    });
  } catch (error) {
    log.warn('an observation could not be recorded', errorFacts(error));
  }
}
