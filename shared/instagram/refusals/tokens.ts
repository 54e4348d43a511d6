import { type GraphErrorEntry, remedies } from './entry.ts';

const refused = (subcode: number | undefined, cause: string, told: string, name = 'token_invalid') =>
  ({
    code: 190,
    ...(subcode !== undefined && { subcode }),
    name,
    status: 502,
    retry: 'new_token',
    cause,
    remedy: `${told} ${remedies.replaceToken}`,
  }) as const satisfies GraphErrorEntry;

/** Tokens that Meta does not take. https://developers.facebook.com/docs/graph-api/guides/error-handling */
export const tokens: readonly GraphErrorEntry[] = [
  {
    code: 102,
    name: 'token_invalid',
    status: 502,
    retry: 'new_token',
    cause: 'The session of the API has ended.',
    remedy: remedies.replaceToken,
  },
  {
    code: 100,
    says: /appsecret_proof/i,
    name: 'proof_refused',
    status: 502,
    retry: 'new_token',
    cause:
      "The app demands proof of its secret with each call, and what came was none or was made with a secret that was reset. Meta's message names `appsecret_proof`.",
    remedy:
      'Meta refuses the proof that goes with the token: run "npm run connect" with the app\'s present secret. What waits is sent then.',
  },
  refused(undefined, 'The access token is expired, revoked or none.', 'The access token is not valid.'),
  refused(458, 'Its owner removed the app.', "The account's owner removed this app.", 'app_removed'),
  refused(
    459,
    'Meta wants the person who made the token to confirm who they are.',
    'Meta has stopped the person who made the token at a checkpoint: they have to log in at facebook.com and follow it.',
    'token_checkpointed',
  ),
  refused(
    460,
    'The person who made the token changed their password.',
    'The access token ended because its owner changed the password.',
  ),
  refused(461, 'The session behind the token is not valid.', 'The access token is not valid.'),
  refused(463, "The token's time is over.", 'The access token has expired.', 'token_expired'),
  refused(
    464,
    'The person who made the token is not a confirmed user.',
    'Meta has not confirmed the person who made the token: they have to log in at facebook.com and confirm their address.',
  ),
  refused(467, 'The token was ended, as by logging out.', 'The access token is not valid.'),
];
