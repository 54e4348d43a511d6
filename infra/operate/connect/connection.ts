import { appsecretProof as proofOf } from '../../../shared/instagram/appsecret-proof.ts';
import type { GraphCaller } from '../../../shared/instagram/graph-client.ts';
import type { App } from '../../local/configuration.ts';

export type Login = 'facebook' | 'instagram';

export interface KnownApp extends App {
  readonly id: string;
}

/** The account and the token with which it is reached, as found at Meta. */
export interface ReachedAccount {
  readonly login: Login;
  /** The one that issued the token comes first. */
  readonly apps: readonly [KnownApp, ...KnownApp[]];
  /** Good for sending: of a Page, or of the Instagram account. */
  readonly accessToken: string;
  /** Whether the app wants proof of its secret with every call; the first app's makes it. */
  readonly appsecretProof: 'on' | 'off';
  readonly igUserId: string;
  /** The other id that is taken for it: the Page's, or the app-scoped one. */
  readonly mistakenId: string;
  readonly username?: string;
  /** Permissions of the token; absent where Meta does not tell them. */
  readonly scopes?: readonly string[];
}

/** All that a gateway needs to know of Meta. */
export interface Connection extends ReachedAccount {
  readonly verifyToken: string;
}

/** How the account itself calls Meta. */
export function callerOf({ login, accessToken, apps, appsecretProof }: ReachedAccount): GraphCaller {
  return {
    login,
    access_token: accessToken,
    ...(appsecretProof === 'on' && { appsecret_proof: proofOf(accessToken, apps[0].secret) }),
  };
}

/** Of every call to Meta that connecting makes. */
export const graphTimeoutMs = 20_000;
