import * as z from 'zod/mini';
import { type Reading, readGraph } from '../../../shared/account/graph-reading.ts';
import { appToken } from '../../../shared/account/read-token.ts';
import { graphTimeoutMs, type KnownApp } from './connection.ts';

const grant = z.object({ access_token: z.string(), expires_in: z.optional(z.number()) });

export type Grant = z.infer<typeof grant>;

/**
 * Exchanges a User token for one of about 60 days.
 * https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 */
export function exchangeUserToken(token: string, { id, secret }: KnownApp): Promise<Reading<Grant>> {
  const query = {
    grant_type: 'fb_exchange_token',
    client_id: id,
    client_secret: secret,
    fb_exchange_token: token,
  };
  const app = { login: 'facebook', access_token: appToken(id, secret) } as const;
  return readGraph(app, { path: '/oauth/access_token', query, timeoutMs: graphTimeoutMs }, grant);
}

/**
 * Exchanges a short-lived token of Instagram login for one of 60 days. The token stands in the query too, as
 * Meta documents it.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export function exchangeInstagramToken(token: string, { secret }: KnownApp): Promise<Reading<Grant>> {
  const query = { grant_type: 'ig_exchange_token', client_secret: secret, access_token: token };
  return readGraph(
    { login: 'instagram', access_token: token },
    { path: '/access_token', query, isUnversioned: true, timeoutMs: graphTimeoutMs },
    grant,
  );
}
