import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod/mini';
import { required } from '../../shared/runtime/environment.ts';

/**
 * What forwarded events are signed with, newest first. While a secret is being changed there are two, and an event
 * carries a signature of each.
 */
export const forwardSecret = z.object({
  /** `whsec_` and the base64 of 24 to 64 bytes, as Standard Webhooks writes it. */
  secrets: z
    .array(z.string().check(z.regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}[A-Za-z0-9+/=]{0,4}$/)))
    .check(z.minLength(1), z.maxLength(2)),
});

/** No secret, no post: an unsigned event would teach the receiver to take any. */
export class NoSigningSecretError extends Error {
  override readonly name = 'NoSigningSecretError';
}

const maxAgeSeconds = 300;

/** @throws NoSigningSecretError until `npm run forward-secret` has made one. */
export async function signingSecrets(): Promise<readonly string[]> {
  let value: unknown;
  try {
    value = await getSecret(required('FORWARD_SECRET_ARN'), { transform: 'json', maxAge: maxAgeSeconds });
  } catch (error) {
    throw new NoSigningSecretError('The secret that events are signed with cannot be read', { cause: error });
  }
  const parsed = forwardSecret.safeParse(value);
  if (parsed.success) return parsed.data.secrets;
  throw new NoSigningSecretError('The secret that events are signed with has no value that is one');
}
