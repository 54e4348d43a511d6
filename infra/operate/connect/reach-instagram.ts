import { describeFailure } from '../../../shared/account/graph-reading.ts';
import { readToken } from '../../../shared/account/read-token.ts';
import { refusedTokenCode } from '../../../shared/account/token-trouble.ts';
import { graphTimeoutMs, type KnownApp, type ReachedAccount } from './connection.ts';
import { exchangeInstagramToken } from './exchange-token.ts';
import { requirePermissions } from './permissions.ts';
import { metaFailure, problem } from './problem.ts';
import type { ReachOptions } from './reach-facebook.ts';
import { readOwner } from './read-owner.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Finds the account behind a token of Instagram login. A short-lived token is exchanged; whether one is
 * short-lived is known only where Meta tells it, or by whether the exchange is taken. MP §9.2.
 *
 * @throws CommandFailed saying what is missing or wrong and what to do.
 */
export async function reachByInstagram(
  options: Pick<ReachOptions, 'token' | 'apps' | 'tell' | 'warn'>,
): Promise<ReachedAccount> {
  const { apps, token, tell } = options;
  const { igUserId, mistakenId, username, needsProof } = await accountOf(token, apps[0]);
  tell(`Account ${igUserId}${username === undefined ? '' : ` @${username}`}`);

  const asked = apps.map(({ id, secret }) => ({ app_id: id, app_secret: secret }));
  const { facts, pairs } = await readToken(token, asked, graphTimeoutMs);
  if (!facts && pairs.every(({ verdict }) => verdict === 'other_app')) {
    throw problem('token_of_another_app', pairs[0]?.why ?? '');
  }
  if (facts && !facts.isValid) {
    throw problem(refusedTokenCode(facts.error?.subcode), facts.error?.message ?? 'Meta calls it invalid');
  }
  if (facts) {
    requirePermissions('instagram', facts.scopes);
    tell('Permissions: all that are needed');
  } else {
    options.warn(
      `Permissions are not checked: Meta tells them of no such token${pairs[0]?.why ? ` (${pairs[0].why})` : ''}.`,
    );
  }

  const isKnownToLast = facts?.expiresAtMs !== undefined && facts.expiresAtMs - Date.now() > dayMs;
  const lasting = isKnownToLast ? { token, app: apps[0] } : await exchange(options);
  const { app } = lasting;
  return {
    login: 'instagram',
    apps: [app, ...apps.filter((each) => each !== app)],
    accessToken: lasting.token,
    igUserId,
    mistakenId,
    ...(username !== undefined && { username }),
    appsecretProof: needsProof ? 'on' : 'off',
    ...(facts && { scopes: facts.scopes }),
  };
}

async function accountOf(token: string, app: KnownApp) {
  const { owner, needsProof } = await readOwner('instagram', token, app);
  // `user_id` is the one in the webhooks; `id` is this app's own number for it.
  if (owner.kind !== 'instagram') throw problem('token_invalid', 'it belongs to no Instagram account');
  const { accountId: igUserId, appScopedId: mistakenId, accountType, username } = owner;
  if (accountType === 'PERSONAL') {
    throw problem('account_not_professional', `${igUserId} is a personal account`);
  }
  return { igUserId, mistakenId, needsProof, ...(username !== undefined && { username }) };
}

/**
 * Tries the exchange with each app's secret. What Meta refuses for another reason than the secret is taken for
 * a long-lived token, as the App Dashboard makes them, and left alone.
 */
async function exchange({
  token,
  apps,
  tell,
}: Pick<ReachOptions, 'token' | 'apps' | 'tell'>): Promise<{ token: string; app: KnownApp }> {
  let wrongSecret = '';
  for (const app of apps) {
    const exchanged = await exchangeInstagramToken(token, app);
    if (exchanged.ok) {
      const { access_token: lasting, expires_in: seconds } = exchanged.value;
      const days = seconds === undefined ? '' : `, for ${Math.floor(seconds / 86_400)} days`;
      tell(`The token is exchanged for a long-lived one${days}`);
      return { token: lasting, app };
    }
    const { failure } = exchanged;
    if (failure.kind !== 'refused') throw metaFailure('Exchanging the token', failure);
    if (!/client[ _]secret/i.test(failure.details.message)) {
      tell('The token is a long-lived one already');
      return { token, app };
    }
    wrongSecret = `app ${app.id}. ${describeFailure(failure)}`;
  }
  throw problem('app_secret_wrong', wrongSecret);
}
