import { invalidParameter } from './graph-errors.ts';
import type { GraphRequest } from './graph-request.ts';
import { scopesOf } from './permissions.ts';
import { appOf } from './token-app.ts';
import { checkAppToken } from './token-check.ts';
import { expired, tokenRefused } from './token-errors.ts';
import type { World } from './world.ts';

/** From when the person was in the app last, whatever the token's age. */
const dataAccessMs = 90 * 24 * 60 * 60 * 1000;

/** What a token is worth, told to the app that it was issued for. Throws `GraphError`. */
export function debugToken(world: World, request: GraphRequest): Record<string, unknown> {
  const { state, account, login, readings } = world;
  if (login === 'instagram' && readings.debugTokenOfInstagramLogin === 'refused') {
    throw invalidParameter('Unsupported get request');
  }
  const viewerId = checkAppToken(world, request);
  const token = state.tokens.find(request.query.get('input_token') ?? '');
  if (!token) {
    const error = { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' };
    return { data: { error, is_valid: false, scopes: [] } };
  }
  const appId = appOf(token, world);
  if (appId !== viewerId) {
    throw invalidParameter('The App_id in the input_token did not match the Viewing App');
  }
  const subcode = state.switches.tokenSubcode ?? (state.tokens.isExpired(token) ? expired : undefined);
  const isPage = token.kind === 'page';
  const scopes = scopesOf(token, world);
  return {
    data: {
      app_id: appId,
      application: 'Simulated app',
      type: isPage ? 'PAGE' : 'USER',
      is_valid: subcode === undefined,
      issued_at: seconds(token.issuedAtMs),
      // 0: it has no expiry date.
      expires_at: token.expiresAtMs === undefined ? 0 : seconds(token.expiresAtMs),
      data_access_expires_at: seconds(state.tokens.lastUsedMs(token) + dataAccessMs),
      scopes,
      // For which Page or account each was granted.
      granular_scopes: scopes.map((scope) => ({
        scope,
        target_ids: [scope.startsWith('pages_') ? state.pageId : account.id],
      })),
      user_id: state.userId,
      ...(isPage ? { profile_id: state.pageId } : {}),
      ...(subcode === undefined
        ? {}
        : { error: { code: 190, subcode, message: tokenRefused(subcode).message } }),
    },
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
