import { expect, test } from 'vitest';
import { tokenDaysLeft } from '../../../../shared/account/token-days-left.ts';

const checked_at = '2026-01-01T00:00:00.000Z';

test.each([
  ['nothing is known of an end', {}, undefined],
  ['the token ends', { token_expires_at: '2026-01-15T12:00:00.000Z' }, 14.5],
  ['access to data ends', { data_access_expires_at: '2026-01-04T00:00:00.000Z' }, 3],
  [
    'both end, by the sooner one',
    { token_expires_at: '2026-03-01T00:00:00.000Z', data_access_expires_at: '2026-01-02T00:00:00.000Z' },
    1,
  ],
  ['it has ended', { token_expires_at: '2025-12-31T00:00:00.000Z' }, -1],
])('%s', (_what, account, expected) => {
  expect(tokenDaysLeft({ checked_at, account })).toBe(expected);
});
