import { type AccessToken, inherited, longLivedSeconds } from './access-tokens.ts';
import type { GraphAnswer } from './graph-api.ts';
import { GraphError, invalidParameter } from './graph-errors.ts';
import type { GraphRequest } from './graph-request.ts';
import { requirePermissions, scopesOf } from './permissions.ts';
import { appOf } from './token-app.ts';
import { isEqual } from './token-check.ts';
import {
  expired,
  notExchangeable,
  notRefreshable,
  tokenOfAnotherApp,
  tokenRefused,
  unreadableToken,
  wrongClientSecret,
} from './token-errors.ts';
import type { World } from './world.ts';

/**
 * The calls with which tokens are won, exchanged and refreshed; undefined when the request is none of them.
 * https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export function answerOauth(world: World, request: GraphRequest): GraphAnswer | undefined {
  const { method, segments, query, body } = request;
  const isInstagram = world.login === 'instagram';
  const path = `${method} /${segments.join('/')}`;
  if (path === (isInstagram ? 'GET /oauth/authorize' : 'GET /dialog/oauth')) return login(world, query);
  if (isInstagram) {
    if (path === 'POST /oauth/access_token') return exchangeInstagramCode(world, body);
    if (path === 'GET /access_token') return answer(exchangeInstagramToken(world, request));
    if (path === 'GET /refresh_access_token') return answer(refresh(world, request));
  } else if (path === 'GET /oauth/access_token') {
    return answer(exchangeFacebook(world, query));
  }
  return undefined;
}

/** The person agrees at once, and comes back with a code. */
function login({ state, login }: World, query: GraphRequest['query']): GraphAnswer {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!URL.canParse(redirectUri)) throw invalidParameter('Param redirect_uri must be a valid URL');
  checkAppId(query.get('client_id'), state.client.id);
  const back = new URL(redirectUri);
  back.searchParams.set('code', state.tokens.issueCode());
  const given = query.get('state');
  if (given !== undefined) back.searchParams.set('state', given);
  if (login === 'instagram') back.hash = '#_';
  return { status: 302, body: {}, headers: { location: back.href } };
}

function exchangeFacebook(world: World, query: GraphRequest['query']): Record<string, unknown> {
  const { tokens } = world.state;
  checkAppId(query.get('client_id'), world.state.client.id);
  checkSecret(world, query.get('client_secret'));
  if (query.get('grant_type') === 'fb_exchange_token') {
    const held = checkExchangeable(world, query.get('fb_exchange_token'), 'user');
    checkOwn(world, held);
    return grant(tokens.issueLongLived('user', inherited(held)), longLivedSeconds);
  }
  if (!tokens.redeem(query.get('code') ?? '')) {
    throw invalidParameter('This authorization code has expired or has been used.');
  }
  return grant(tokens.issueShortLived('user', { appId: world.state.appId }), 3600);
}

/** Its failures have a shape of their own. */
function exchangeInstagramCode(world: World, body: GraphRequest['body']): GraphAnswer {
  const { state, readings } = world;
  const { client_id: id, client_secret: secret, grant_type: type, code } = body;
  const refuse = (why: string): GraphAnswer => ({
    status: 400,
    body: { error_type: 'OAuthException', code: 400, error_message: why },
  });
  if (id !== state.client.id || typeof secret !== 'string' || !isEqual(secret, state.client.secret)) {
    return refuse('Error validating client secret.');
  }
  if (type !== 'authorization_code') return refuse('grant_type must be authorization_code');
  // The code comes back with #_ behind it, which is no part of it.
  if (typeof code !== 'string' || !state.tokens.redeem(code)) return refuse('Invalid authorization code');
  const token = state.tokens.issueShortLived('instagram', { appId: state.appId });
  const permissions = scopesOf(token, world);
  const granted = { access_token: token.value, user_id: state.appScopedId };
  return answer(
    readings.codeExchangeShape === 'flat'
      ? { ...granted, permissions }
      : { data: [{ ...granted, permissions: permissions.join(',') }] },
  );
}

function exchangeInstagramToken(world: World, { query, token }: GraphRequest): Record<string, unknown> {
  if (query.get('grant_type') !== 'ig_exchange_token') throw unknownGrant();
  checkSecret(world, query.get('client_secret'));
  const held = checkExchangeable(world, token, 'instagram');
  checkOwn(world, held);
  if (held.isLongLived && world.readings.exchangeOfLongLivedToken === 'refused') throw notExchangeable();
  return grant(world.state.tokens.issueLongLived('instagram', inherited(held)), longLivedSeconds);
}

function refresh(world: World, { query, token }: GraphRequest): Record<string, unknown> {
  if (query.get('grant_type') !== 'ig_refresh_token') throw unknownGrant();
  const { tokens } = world.state;
  const held = checkExchangeable(world, token, 'instagram');
  requirePermissions(world, held, 'read_account');
  if (!tokens.isRefreshable(held)) throw notRefreshable();
  return grant(tokens.issueLongLived('instagram', inherited(held)), longLivedSeconds);
}

function checkExchangeable(
  { state }: World,
  value: string | undefined,
  kind: 'user' | 'instagram',
): AccessToken {
  const token = state.tokens.find(value ?? '');
  if (token?.kind !== kind) throw unreadableToken();
  if (state.switches.tokenSubcode !== undefined) throw tokenRefused(state.switches.tokenSubcode);
  if (state.tokens.isExpired(token)) throw tokenRefused(expired);
  return token;
}

function checkOwn(world: World, token: AccessToken): void {
  if (appOf(token, world) !== world.state.appId) throw tokenOfAnotherApp();
}

function checkAppId(given: string | undefined, clientId: string): void {
  if (given !== clientId) {
    throw new GraphError(
      'Error validating application. Cannot get application info due to a system error.',
      101,
    );
  }
}

function checkSecret({ state }: World, given: string | undefined): void {
  if (!isEqual(given ?? '', state.client.secret)) throw wrongClientSecret();
}

function unknownGrant(): GraphError {
  return invalidParameter('Param grant_type is unknown');
}

function grant({ value }: AccessToken, expiresIn: number): Record<string, unknown> {
  return { access_token: value, token_type: 'bearer', expires_in: expiresIn };
}

function answer(body: Record<string, unknown>): GraphAnswer {
  return { status: 200, body };
}
