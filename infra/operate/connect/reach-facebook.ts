import { readToken, type TokenFacts } from '../../../shared/account/read-token.ts';
import { refusedTokenCode } from '../../../shared/account/token-trouble.ts';
import { at } from '../../../shared/account/words.ts';
import { appsecretProof } from '../../../shared/instagram/appsecret-proof.ts';
import type { GraphCaller } from '../../../shared/instagram/graph-client.ts';
import { CommandFailed } from '../command.ts';
import type { KnownApps } from './check-apps.ts';
import { graphTimeoutMs, type KnownApp, type ReachedAccount } from './connection.ts';
import { exchangeUserToken } from './exchange-token.ts';
import { choosePage, linkedPages, listPages, nameOf, type Page } from './pages.ts';
import { requirePermissions } from './permissions.ts';
import { metaFailure, problem } from './problem.ts';
import { readOwner } from './read-owner.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface ReachOptions {
  readonly token: string;
  readonly apps: KnownApps;
  /** The Page that is meant, by its id. */
  readonly page?: string | undefined;
  /** Asks which of several Pages is meant; gives its id. Absent: nobody can be asked. */
  readonly ask?: ((linked: readonly Page[]) => Promise<string>) | undefined;
  /** A line for what was found. */
  readonly tell: (line: string) => void;
  /** A line for what works now and should be looked at. */
  readonly warn: (line: string) => void;
}

/**
 * Finds the Page, its token and the Instagram account behind any token of Facebook login. A User token that
 * ends within a day is exchanged first, so that the Page token made from it has no end.
 *
 * @throws CommandFailed saying what is missing or wrong and what to do.
 */
export async function reachByFacebook(options: ReachOptions): Promise<ReachedAccount> {
  const { token, tell } = options;
  const { facts, app } = await factsOf(token, options.apps);
  tell(`Token: ${kindOf(facts)} of app ${app.id}${endOf(facts)}`);
  requirePermissions('facebook', facts.scopes);
  tell('Permissions: all that are needed');
  const pageToken =
    facts.kind === 'page' ? keep(token, facts, options) : await derive(token, facts, app, options);
  const apps: KnownApps = [app, ...options.apps.filter((each) => each !== app)];
  return { ...(await reach(pageToken, app, tell)), login: 'facebook', apps, scopes: facts.scopes };
}

/** What Meta tells of the token to the app that issued it. */
async function factsOf(token: string, apps: KnownApps): Promise<{ facts: TokenFacts; app: KnownApp }> {
  const asked = apps.map(({ id, secret }) => ({ app_id: id, app_secret: secret }));
  const { facts, pairs } = await readToken(token, asked, graphTimeoutMs);
  if (!facts) {
    const { verdict, why = 'Meta tells nothing of it' } = pairs.find((pair) => pair.why !== undefined) ?? {};
    if (verdict === 'other_app') throw problem('token_of_another_app', why);
    throw verdict === 'unread' ? problem('meta_unreachable', why) : problem('token_invalid', why);
  }
  const app = apps.find(({ id }) => id === facts.appId);
  if (!app) {
    throw problem('token_of_another_app', `it was issued by app ${facts.appId}, and given is ${apps[0].id}`);
  }
  if (facts.isValid) return { facts, app };
  const { subcode, message = 'Meta calls it invalid' } = facts.error ?? {};
  throw problem(refusedTokenCode(subcode), message);
}

function keep(token: string, facts: TokenFacts, { warn }: ReachOptions): string {
  if (facts.expiresAtMs !== undefined) {
    warn(
      `This Page token ends at ${at(facts.expiresAtMs)}, since it was made from a short-lived User token. Run this again with that User token (--token), from which one without an end is made.`,
    );
  }
  return token;
}

async function derive(
  token: string,
  facts: TokenFacts,
  app: KnownApp,
  { page: wanted, ask, tell, warn }: ReachOptions,
): Promise<string> {
  if (facts.kind === 'app')
    throw new CommandFailed("This is the app's own token. A User or a Page token is needed.");
  const lasting = await lastingToken(token, facts, app, tell);
  const pages = await listPages(provenCaller(lasting, app));
  if (!pages.ok) throw metaFailure('Listing your Pages', pages.failure);
  const linked = linkedPages(pages.value);
  const [only, ...others] = pages.value;
  // Its own token tells a personal account from none.
  if (linked.length === 0 && others.length === 0 && only?.access_token) return only.access_token;
  const page = choosePage(pages.value, wanted ?? (ask && linked.length > 1 ? await ask(linked) : undefined));
  tell(`Page ${nameOf(page)}: its token is made from the ${kindOf(facts)}`);
  if (page.tasks && !page.tasks.includes('MESSAGING')) {
    warn(`The token's person has no task MESSAGING on the Page ${page.id}: sending may be refused.`);
  }
  const own = await factsOf(page.access_token, [app]);
  if (own.facts.expiresAtMs !== undefined) warn(`The Page token ends at ${at(own.facts.expiresAtMs)}.`);
  return page.access_token;
}

async function lastingToken(
  token: string,
  { expiresAtMs }: TokenFacts,
  app: KnownApp,
  tell: ReachOptions['tell'],
): Promise<string> {
  if (expiresAtMs === undefined || expiresAtMs - Date.now() > dayMs) return token;
  const exchanged = await exchangeUserToken(token, app);
  if (!exchanged.ok) throw metaFailure('Exchanging the short-lived token', exchanged.failure);
  tell('The short-lived User token is exchanged for a long-lived one');
  return exchanged.value.access_token;
}

/** The account behind a Page token, and whether the app requires proof with every call. */
async function reach(accessToken: string, app: KnownApp, tell: ReachOptions['tell']) {
  const { owner, needsProof } = await readOwner('facebook', accessToken, app);
  if (owner.kind !== 'page') throw new CommandFailed('The token belongs to no Page.');
  const { account, connectedAccountId, pageId, name } = owner;
  if (!account) {
    throw connectedAccountId === undefined
      ? problem('page_not_linked', nameOf({ id: pageId, name }))
      : problem('account_not_professional', `${connectedAccountId}, linked to the Page ${pageId}`);
  }
  const { id, username } = account;
  tell(`Account ${id}${username === undefined ? '' : ` @${username}`}, of the Page ${pageId}`);
  return {
    accessToken,
    igUserId: id,
    mistakenId: pageId,
    ...(username !== undefined && { username }),
    appsecretProof: needsProof ? ('on' as const) : ('off' as const),
  };
}

/** With proof, which is optional for most apps and is never wrong for the app that issued the token. */
function provenCaller(accessToken: string, { secret }: KnownApp): GraphCaller {
  return {
    login: 'facebook',
    access_token: accessToken,
    appsecret_proof: appsecretProof(accessToken, secret),
  };
}

function kindOf({ kind }: TokenFacts): string {
  const words: Readonly<Record<string, string>> = {
    page: 'Page token',
    user: 'User token',
    system_user: 'system user token',
    app: "app's token",
  };
  return words[kind] ?? `token of the kind ${kind}`;
}

function endOf({ expiresAtMs }: TokenFacts): string {
  return expiresAtMs === undefined ? ', without an end' : `, until ${at(expiresAtMs)}`;
}
