import * as z from 'zod';
import type { AccessToken, TokenOptions } from './access-tokens.ts';
import { ControlError } from './control-request.ts';
import type { World } from './world.ts';

export const newToken = z.strictObject({
  kind: z.enum(['user', 'page', 'instagram']),
  life: z.enum(['short', 'long']),
  scopes: z.array(z.string()).exactOptional(),
  appId: z.string().exactOptional(),
});

/** A token as a login gives it to a person, who then pastes it somewhere. Throws ControlError. */
export function issueToken(
  { state, login }: World,
  { kind, life, ...options }: z.output<typeof newToken>,
): Record<string, unknown> {
  if ((kind === 'instagram') !== (login === 'instagram')) {
    throw new ControlError(400, `With ${login} login there is no ${kind} token.`);
  }
  const { value, expiresAtMs } = issue(kind, life, options);
  return { value, kind, life, expiresAtMs: expiresAtMs ?? null };

  function issue(of: AccessToken['kind'], lasting: 'short' | 'long', given: TokenOptions): AccessToken {
    const { tokens } = state;
    if (of !== 'page')
      return lasting === 'long' ? tokens.issueLongLived(of, given) : tokens.issueShortLived(of, given);
    // A Page token is made from a User token, and lasts as long.
    return lasting === 'long'
      ? tokens.issuePageToken(given)
      : tokens.issuePageToken({ ...given, expiresAtMs: tokens.issueShortLived('user', given).expiresAtMs });
  }
}
