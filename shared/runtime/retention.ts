import { optional } from './environment.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** How long messages are kept, in ms, by the owner's setting; absent: for ever. */
export function messageLifetimeMs(): number | undefined {
  const days = Number(optional('MESSAGE_RETENTION_DAYS') ?? 0);
  return days > 0 ? days * dayMs : undefined;
}

/** For the table's time-to-live attribute, in seconds: when what happened then is to go. Absent: never. */
export function expiryOf(atMs: number): number | undefined {
  const lifetimeMs = messageLifetimeMs();
  return lifetimeMs === undefined || atMs <= 0 ? undefined : Math.floor((atMs + lifetimeMs) / 1000);
}

/** DynamoDB removes an item within days of its time: until then it is still read. */
export function hasExpired({ expires_at }: Readonly<Record<string, unknown>>, nowMs: number): boolean {
  return typeof expires_at === 'number' && expires_at * 1000 <= nowMs;
}

/** The days of a setting. Throws when they are no whole number from 1 to 3650. */
export function retentionDays(given: string): string {
  const days = Number(given);
  if (!/^\d+$/.test(given) || days < 1 || days > 3650) {
    throw new Error(`MESSAGE_RETENTION_DAYS must be days from 1 to 3650, not ${JSON.stringify(given)}.`);
  }
  return String(days);
}
