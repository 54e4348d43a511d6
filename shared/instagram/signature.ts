import { createHmac, timingSafeEqual } from 'node:crypto';

const headerPattern = /^sha256=([0-9a-f]{64})$/i;

/**
 * Checks `X-Hub-Signature-256` over the raw bytes of a webhook: hex HMAC-SHA256 with the app secret.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 *
 * Several secrets may be valid at once (rotation; Facebook-login and Instagram-login apps sign with their own).
 * Every secret is tried, so the time taken does not tell which one matched.
 *
 * @returns the place of the secret that matched, or `undefined` when none did or the header is malformed.
 */
export function matchingSecret(
  rawBody: Buffer,
  signatureHeader: string | undefined,
  secrets: readonly string[],
): number | undefined {
  const hex = headerPattern.exec(signatureHeader ?? '')?.[1];
  if (hex === undefined) return undefined;
  const signature = Buffer.from(hex, 'hex');
  let matched: number | undefined;
  for (const [place, secret] of secrets.entries()) {
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    if (timingSafeEqual(expected, signature)) matched ??= place;
  }
  return matched;
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
