import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { refreshAfterMs } from '../../shared/account/token-age.ts';
import { appsecretProof } from '../../shared/instagram/appsecret-proof.ts';
import { graph } from '../../shared/instagram/graph-client.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from '../../shared/instagram/graph-errors.ts';
import { secretsManager } from '../../shared/runtime/clients/secrets-manager.ts';
import { required } from '../../shared/runtime/environment.ts';
import { type GraphSecret, secrets } from '../../shared/runtime/secrets.ts';

/** What became of it, and what may be said of it in a log. */
export interface Refreshing {
  readonly outcome:
    | 'has_no_end'
    | 'young'
    | 'refreshed'
    | 'replaced_meanwhile'
    /** Meta's word is in `code` and `subcode`. */
    | 'refused'
    | 'no_answer';
  readonly code?: number;
  readonly subcode?: number;
  readonly days_left?: number;
}

const dayMs = 24 * 60 * 60 * 1000;
const timeoutMs = 20_000;

const grant = z.object({ access_token: z.string().check(z.minLength(1)), expires_in: z.number() });

/**
 * Exchanges a token of Instagram login that is a week old for one of 60 days, and stores that as the secret's next
 * version; the version before stays. Meta refuses one that is younger than a day, or has ended. How old a token is of
 * which only its owner knows it, the first refreshing tells. Killed between Meta's answer and the writing, the token of
 * before is good on. A Page token of Facebook login, made from a long-lived User token, has no end.
 * https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token
 */
export async function refreshToken(nowMs: number): Promise<Refreshing> {
  const held = await current();
  if (held.login !== 'instagram') return { outcome: 'has_no_end' };
  const { refreshed_at: refreshedAt } = held;
  if (refreshedAt !== undefined && nowMs - refreshedAt * 1000 < refreshAfterMs) {
    return { outcome: 'young', ...daysLeft(held, nowMs) };
  }
  let answer: unknown;
  try {
    answer = await graph.get(held, {
      path: '/refresh_access_token',
      // Meta documents the token in the query here; it is not in any log of ours.
      query: { grant_type: 'ig_refresh_token', access_token: held.access_token },
      isUnversioned: true,
      timeoutMs,
    });
  } catch (error) {
    return { ...failureOf(error), ...daysLeft(held, nowMs) };
  }
  const { data: granted } = grant.safeParse(answer);
  if (!granted) return { outcome: 'no_answer', ...daysLeft(held, nowMs) };
  // Its owner may have connected anew while Meta answered: theirs is the newer one.
  if ((await current()).access_token !== held.access_token) return { outcome: 'replaced_meanwhile' };
  const next: GraphSecret = {
    ...held,
    access_token: granted.access_token,
    refreshed_at: Math.floor(nowMs / 1000),
    token_expires_at: Math.floor(nowMs / 1000) + granted.expires_in,
    ...(held.appsecret_proof !== undefined && { appsecret_proof: await proofOf(held, granted.access_token) }),
  };
  await secretsManager().send(
    new PutSecretValueCommand({
      SecretId: required('GRAPH_SECRET_ARN'),
      SecretString: JSON.stringify(next),
    }),
  );
  return { outcome: 'refreshed', ...daysLeft(next, nowMs) };
}

/** As it is stored now, not as it was cached. */
async function current(): Promise<GraphSecret> {
  return secrets.latestGraph();
}

/** With the secret of the same app as before. */
async function proofOf({ access_token, appsecret_proof }: GraphSecret, accessToken: string): Promise<string> {
  const { apps } = await secrets.webhook();
  const app = apps.find(({ app_secret }) => appsecretProof(access_token, app_secret) === appsecret_proof);
  const { app_secret } = app ?? apps[0] ?? { app_secret: '' };
  return appsecretProof(accessToken, app_secret);
}

function failureOf(error: unknown): Refreshing {
  if (error instanceof GraphError) {
    const { code, error_subcode: subcode } = error.details;
    return { outcome: 'refused', code, ...(subcode !== undefined && { subcode }) };
  }
  if (error instanceof GraphNoAnswerError || error instanceof GraphNotReachedError) {
    return { outcome: 'no_answer' };
  }
  throw error;
}

function daysLeft({ token_expires_at: end }: GraphSecret, nowMs: number): Pick<Refreshing, 'days_left'> {
  return end === undefined ? {} : { days_left: Math.floor((end * 1000 - nowMs) / dayMs) };
}
