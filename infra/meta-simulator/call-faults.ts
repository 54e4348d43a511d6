import { GraphError, unknownError } from './graph-errors.ts';
import { appRateLimited, sendErrors, userRateLimited } from './send-errors.ts';
import { expired, tokenRefused } from './token-errors.ts';
import type { World } from './world.ts';

const slowReadMs = 90_000;
const skewMs = 10 * 60_000;

/** Throws the rate limit that strikes this call. */
export function strikeRateLimit({ faults }: World): void {
  if (faults.strikes('app_rate_limited')) throw appRateLimited();
  if (faults.strikes('user_rate_limited')) throw userRateLimited();
  if (faults.strikes('account_rate_limited')) throw sendErrors.rateLimited();
}

/** Throws when this call's token is refused, with the subcode that is the fault's value. */
export function strikeToken({ faults }: World): void {
  const struck = faults.strikes('token_refused');
  if (struck) throw tokenRefused(struck.value ?? expired);
}

/** Waits as long as a read takes on a bad day. */
export async function strikeSlowRead({ faults, clock }: World): Promise<void> {
  const struck = faults.strikes('slow_read');
  if (!struck) return;
  await new Promise<void>((resolve) => clock.schedule(struck.value ?? slowReadMs, resolve));
}

/** The `Date` of an answer by a clock that is off; undefined while it is right. */
export function skewedDate({ faults }: World): string | undefined {
  const struck = faults.strikes('skewed_date');
  return struck && new Date(Date.now() + (struck.value ?? skewMs)).toUTCString();
}

/** The customer whose thread cannot be expanded now, alone or in a list. */
export function brokenCustomerId({ faults, conversations }: World): string | undefined {
  const struck = faults.strikes('broken_thread');
  return struck && (struck.customerId ?? conversations.first()?.customer.id);
}

/** A caller who hears nothing: until they give up, or until they are hung up on. */
export interface Silence {
  readonly hangUpAfterMs?: number;
}

const silence = ({ value }: { readonly value?: number }): Silence =>
  value === undefined ? {} : { hangUpAfterMs: value };

/** Throws when Meta blocks the account for a while, for its policies. */
export function strikeBlock({ faults }: World): void {
  if (faults.strikes('account_blocked')) throw sendErrors.blockedForPolicy();
}

/** When this send gets lost on its way: nothing arrives, and nobody answers. */
export function strikeLostSend({ faults }: World): Silence | undefined {
  const struck = faults.strikes('send_is_lost');
  return struck && silence(struck);
}

/** What a send answers although its message arrived: nothing at all, or an error. */
export type SendOutcome = 'answered' | Silence | GraphError;

export function strikeSend({ faults }: World): SendOutcome {
  const unanswered = faults.strikes('send_times_out');
  if (unanswered) return silence(unanswered);
  if (faults.strikes('send_answers_500')) return unknownError();
  if (faults.strikes('send_answers_1357046')) {
    return new GraphError('Invalid JSON reply. Messages have been sent.', 1, 1357046);
  }
  return 'answered';
}

/** The status with which a media URL answers once its media expired; undefined while it lives. */
export function expiredMediaStatus({ faults }: World): 403 | 404 | undefined {
  const struck = faults.strikes('media_expired');
  return struck && (struck.value === 404 ? 404 : 403);
}
