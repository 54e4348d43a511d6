import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';

/** What Meta says in a signed request: that a user of the *app*, here the business, removed it or asks for deletion. */
const payload = z.object({
  algorithm: z.string(),
  /** App-scoped: of whoever logged in to the app, never of a customer. MP §11.3 */
  user_id: z.union([z.string().check(z.maxLength(64)), z.number()]),
  /** Seconds. */
  issued_at: z.optional(z.number()),
});

export interface SignedRequest {
  readonly userId: string;
  readonly issuedAtMs?: number;
  /** Which app secret proved it, by its place in the list. */
  readonly secretPlace: number;
}

/** `signature`: no secret of ours made it. `content`: it is signed, and is not what Meta documents. */
export type SignedRequestFault = 'malformed' | 'signature' | 'content';

const signatureBytes = 32;
const form = /^([A-Za-z0-9_-]{42,44}={0,1})\.([A-Za-z0-9_-]{1,4096}={0,2})$/;

/**
 * Reads the `signed_request` of Meta's data-deletion and deauthorize callbacks:
 * `<base64url signature>.<base64url JSON>`, the signature being HMAC-SHA256 with the app secret over the encoded JSON.
 * Proven before it is decoded; every secret is tried, in constant time.
 * https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback/
 */
export function readSignedRequest(
  text: string,
  secrets: readonly string[],
): SignedRequest | SignedRequestFault {
  const [, encodedSignature = '', encodedPayload = ''] = form.exec(text) ?? [];
  const signature = Buffer.from(encodedSignature, 'base64url');
  if (signature.length !== signatureBytes) return 'malformed';
  let secretPlace: number | undefined;
  for (const [place, secret] of secrets.entries()) {
    const expected = createHmac('sha256', secret).update(encodedPayload).digest();
    if (timingSafeEqual(expected, signature)) secretPlace ??= place;
  }
  if (secretPlace === undefined) return 'signature';
  const parsed = payload.safeParse(decode(encodedPayload));
  if (!parsed.success || parsed.data.algorithm.toUpperCase() !== 'HMAC-SHA256') return 'content';
  const { user_id, issued_at } = parsed.data;
  return {
    userId: String(user_id),
    ...(issued_at !== undefined && { issuedAtMs: issued_at * 1000 }),
    secretPlace,
  };
}

function decode(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
