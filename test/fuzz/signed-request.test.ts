import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSignedRequest } from '../../shared/instagram/signed-request.ts';

const secrets = ['first', 'second'];
const sign = (payload: string, secret: string) =>
  createHmac('sha256', secret).update(payload).digest('base64url');

test('whatever text comes, it is refused without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
      expect(typeof readSignedRequest(text, secrets)).toBe('string');
    }),
  );
});

test('a form without our signature is never taken, whatever it says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.json(), (bytes, json) => {
      const payload = Buffer.from(json).toString('base64url');
      const text = `${Buffer.from(bytes).toString('base64url')}.${payload}`;
      expect(['malformed', 'signature']).toContain(readSignedRequest(text, secrets));
    }),
  );
});

test('what is signed is taken as it is meant, or refused for its content', () => {
  const members = fc.record(
    {
      user_id: fc.oneof(fc.string(), fc.integer(), fc.jsonValue()),
      algorithm: fc.oneof(fc.constantFrom('HMAC-SHA256', 'hmac-sha256'), fc.jsonValue()),
      issued_at: fc.oneof(fc.integer(), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(members, fc.jsonValue()), fc.constantFrom(...secrets), (value, secret) => {
      const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
      const read = readSignedRequest(`${sign(payload, secret)}.${payload}`, secrets);
      expect(isAsMeant(read, value, secrets.indexOf(secret))).toBe(true);
    }),
  );
});

function isAsMeant(read: ReturnType<typeof readSignedRequest>, value: unknown, place: number): boolean {
  // Malformed is what is longer than anything of Meta's.
  if (typeof read === 'string') return read === 'content' || read === 'malformed';
  const { user_id: userId } = value as { user_id: unknown };
  return read.secretPlace === place && read.userId === String(userId) && read.userId.length <= 64;
}
