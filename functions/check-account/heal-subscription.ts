import type { CheckResult } from '../../shared/account/check-account.ts';
import type { HealthStore, Observations } from '../../shared/account/health-store.ts';
import { renewSubscription } from '../../shared/account/renew-subscription.ts';
import { fieldsToRenew } from '../../shared/account/subscription-drift.ts';
import { GraphError } from '../../shared/instagram/graph-errors.ts';
import { optional } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import type { GraphSecret } from '../../shared/runtime/secrets.ts';

/**
 * Subscribes the account again when a subscription that was there has gone, unless its owner does not want that
 * (RESUBSCRIBE) or it was tried within a day. @returns whether Meta took it.
 */
export async function healSubscription(
  health: HealthStore,
  secret: GraphSecret,
  observed: Observations,
  { subscription }: Pick<CheckResult, 'subscription'>,
): Promise<boolean> {
  const nowMs = Date.now();
  const fields = subscription && fieldsToRenew(subscription, observed, nowMs);
  if (!fields || optional('RESUBSCRIBE') === 'off') return false;
  // First: a run that dies over the call is not made again each time it is repeated.
  await health.observe({ subscriptionTriedAtMs: nowMs });
  try {
    await renewSubscription(secret, fields);
  } catch (error) {
    log.warn('the subscription could not be renewed', {
      ...errorFacts(error),
      ...(error instanceof GraphError && { code: error.details.code, subcode: error.details.error_subcode }),
    });
    return false;
  }
  await health.observe({ subscriptionRenewedAtMs: nowMs });
  log.warn('the subscription was gone, and is renewed', { fields });
  return true;
}
