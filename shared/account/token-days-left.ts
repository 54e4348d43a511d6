import type { CheckReport } from './findings.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * How many days the token and the app's access to data are good for, whichever ends sooner, at the time of the
 * report; negative once it has ended. `undefined` when neither end is known, or there is none.
 */
export function tokenDaysLeft({
  checked_at,
  account,
}: Pick<CheckReport, 'checked_at' | 'account'>): number | undefined {
  const ends = [account.token_expires_at, account.data_access_expires_at].flatMap((end) =>
    end === undefined ? [] : Date.parse(end),
  );
  return ends.length === 0 ? undefined : (Math.min(...ends) - Date.parse(checked_at)) / dayMs;
}
