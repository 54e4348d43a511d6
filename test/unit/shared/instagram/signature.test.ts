import { describe, expect, test } from 'vitest';
import { equalSecrets, matchingSecret } from '../../../../shared/instagram/signature.ts';

// Computed with: printf '%s' '{"text":"\u00e4"}' | openssl dgst -sha256 -hmac first-secret
const body = Buffer.from('{"text":"\\u00e4"}');
const signature = 'sha256=be95d4a323a55fdd15f92fb362627a1698aeca5466cc3c8bce3e003c824a68e1';

describe('matchingSecret', () => {
  test('takes the signature of the raw bytes', () => {
    expect(matchingSecret(body, signature, ['first-secret'])).toBe(0);
  });

  test('says which of several secrets it was', () => {
    expect(matchingSecret(body, signature, ['another', 'first-secret'])).toBe(1);
  });

  test('takes the hex digits in either case', () => {
    expect(matchingSecret(body, signature.toUpperCase().replace('SHA256', 'sha256'), ['first-secret'])).toBe(
      0,
    );
  });

  test.each([
    ['of other bytes', Buffer.from('{"text":"ä"}'), signature],
    ['of another length', body, signature.slice(0, -2)],
    ['too long', body, `${signature}00`],
    ['not hex', body, `sha256=${'z'.repeat(64)}`],
    ['of the old algorithm', body, signature.replace('sha256', 'sha1')],
    ['empty', body, ''],
    ['absent', body, undefined],
  ])('refuses a signature %s', (_what, bytes, header) => {
    expect(matchingSecret(bytes, header, ['first-secret'])).toBeUndefined();
  });

  test('refuses everything without a secret', () => {
    expect(matchingSecret(body, signature, [])).toBeUndefined();
  });
});

test('equalSecrets compares whole strings of any length', () => {
  expect(equalSecrets('verify-me', 'verify-me')).toBe(true);
  expect(equalSecrets('verify-me', 'verify-m')).toBe(false);
  expect(equalSecrets('', 'x')).toBe(false);
});
