import type { Status } from '../api/shapes.ts';

export type Health = 'well' | 'warning' | 'error' | 'unknown';

export function healthOf(status: Status | undefined): Health {
  if (!status?.checked_at) return 'unknown';
  if (status.findings.some(({ severity }) => severity === 'error')) return 'error';
  return status.findings.length > 0 ? 'warning' : 'well';
}

const dayMs = 24 * 60 * 60 * 1000;

/** Whole days until the token ends; undefined where Meta does not tell. Below 0 it has ended. */
export function tokenDaysLeft(status: Status, nowMs: number): number | undefined {
  const { token_expires_at: ends } = status.account;
  return ends === undefined ? undefined : Math.floor((Date.parse(ends) - nowMs) / dayMs);
}
