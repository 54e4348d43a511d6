import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessToken } from './access-tokens.ts';
import { strikeToken } from './call-faults.ts';
import type { GraphRequest } from './graph-request.ts';
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
  checkProof(world, token.value, request);
  return token;
}

/** Whether the request speaks for the app itself: `{app-id}|{app-secret}`. */
export function isAppToken({ state, app }: World, { token }: GraphRequest): boolean {
  return token !== undefined && isEqual(token, `${state.appId}|${app.secret}`);
}

/**
 * The proof is optional unless the app requires it, but a wrong one is refused.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
function checkProof(world: World, token: string, { proof, query, body }: GraphRequest): void {
  const { app, login, clock, readings, state } = world;
  if (login === 'instagram' && readings.proofOnInstagramLogin === 'ignored') return;
  if (proof === undefined) {
    if (state.switches.requireProof) throw missingProof();
    return;
  }
  const isFacebookSecret = readings.proofOnInstagramLogin === 'with_facebook_secret';
  const secret = isFacebookSecret ? app.secret : state.client.secret;
  const given = query.get('appsecret_time') ?? body.appsecret_time;
  let proven = token;
  if (given !== undefined) {
    const seconds = Number(given);
    const isRecent = Math.abs(clock.nowMs() / 1000 - seconds) <= timedProofSeconds;
    if (!Number.isInteger(seconds) || !isRecent) throw invalidProof();
    proven = `${token}|${seconds}`;
  }
  if (!isEqual(proof, createHmac('sha256', secret).update(proven).digest('hex'))) throw invalidProof();
}

export function isEqual(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
