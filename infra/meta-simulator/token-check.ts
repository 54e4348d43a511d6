import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessToken } from './access-tokens.ts';
import { strikeToken } from './call-faults.ts';
import type { GraphRequest } from './graph-request.ts';
import { appOf, appSecretOf } from './token-app.ts';
import { expired, invalidProof, missingProof, tokenRefused, unreadableToken } from './token-errors.ts';
import type { World } from './world.ts';

const timedProofSeconds = 5 * 60;

/** The token of a call, when it is good now. Throws `GraphError` 190, or 100 for its proof. */
export function checkToken(world: World, request: GraphRequest): AccessToken {
  const { state } = world;
  const token = request.token === undefined ? undefined : state.tokens.find(request.token);
  if (!token) throw unreadableToken();
  strikeToken(world);
  if (state.switches.tokenSubcode !== undefined) throw tokenRefused(state.switches.tokenSubcode);
  if (state.tokens.isExpired(token)) throw tokenRefused(expired);
  checkProof(world, token, request);
  return token;
}

/** The app that the request speaks for, by `{app-id}|{app-secret}`. Throws `GraphError` 190. */
export function checkAppToken({ state }: World, { token = '' }: GraphRequest): string {
  const app = [state.metaApp, state.otherApp].find(({ id, secret }) => isEqual(token, `${id}|${secret}`));
  if (!app) throw unreadableToken();
  return app.id;
}

/**
 * The proof is optional unless the app requires it, but a wrong one is refused.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
function checkProof(world: World, token: AccessToken, { proof, query, body }: GraphRequest): void {
  const { login, clock, readings, state } = world;
  if (login === 'instagram' && readings.proofOnInstagramLogin === 'ignored') return;
  if (proof === undefined) {
    if (state.switches.requireProof) throw missingProof();
    return;
  }
  const secret = provingSecret(world, token);
  if (secret === undefined) throw invalidProof();
  const given = query.get('appsecret_time') ?? body.appsecret_time;
  let proven = token.value;
  if (given !== undefined) {
    const seconds = Number(given);
    const isRecent = Math.abs(clock.nowMs() / 1000 - seconds) <= timedProofSeconds;
    if (!Number.isInteger(seconds) || !isRecent) throw invalidProof();
    proven = `${token.value}|${seconds}`;
  }
  if (!isEqual(proof, createHmac('sha256', secret).update(proven).digest('hex'))) throw invalidProof();
}

/** A proof is made with the secret of the app that won the token. */
function provingSecret(world: World, token: AccessToken): string | undefined {
  const { state, readings } = world;
  const appId = appOf(token, world);
  if (appId !== state.appId) return appSecretOf(appId, world);
  const isFacebookSecret = readings.proofOnInstagramLogin === 'with_facebook_secret';
  return isFacebookSecret ? state.metaApp.secret : state.client.secret;
}

export function isEqual(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
