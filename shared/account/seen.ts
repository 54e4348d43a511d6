import type { SettingName } from '../runtime/environment.ts';
import type { GraphSecret, WebhookSecret } from '../runtime/secrets.ts';
import type { Reading } from './graph-reading.ts';
import type { Observations } from './health-store.ts';
import { ownPace } from './pace.ts';
import type { CallbackProbe } from './probe-callback.ts';
import type { QueueDepths } from './queue-depths.ts';
import { type AccountReading, readAccount } from './read-account.ts';
import { type ConversationsReading, readConversations } from './read-conversations.ts';
import { type ProofReading, readProofs } from './read-proof.ts';
import {
  type AppSubscription,
  readAppSubscriptions,
  readSubscribedApps,
  type SubscribedApp,
} from './read-subscription.ts';
import { readToken, type TokenReading } from './read-token.ts';
import { type TokenTrouble, tokenTrouble } from './token-trouble.ts';

export interface CheckInput {
  /** What is configured; an absent part is one that has no value. */
  readonly connection: { readonly webhook?: WebhookSecret; readonly graph?: GraphSecret };
  /** The settings without a value, where they are known by name. */
  readonly missing?: readonly SettingName[];
  readonly observed: Observations;
  /** Absent: not looked at. */
  readonly queues?: QueueDepths;
  /** The public address of the webhook, and what answered there; absent: not looked at. */
  readonly callback?: { readonly url: string; readonly probe: CallbackProbe };
  readonly graphVersion: string;
  readonly nowMs: number;
}

export interface CheckLimits {
  readonly callTimeoutMs: number;
  /** Of all checks together. */
  readonly totalTimeoutMs: number;
  /** Waits for the turn of a call of the Conversations API; absent: a pace of its own. */
  readonly conversationsTurn?: () => Promise<boolean>;
}

/** Everything that the checks judge: what is configured, what was noticed, what Meta told. */
export interface Seen extends CheckInput {
  /** The apps of the webhook's secret; empty without one. */
  readonly apps: WebhookSecret['apps'];
  /** What Meta told; absent without a token to ask with. */
  readonly meta?: MetaSeen;
  /** Each app that has an id, by its place in `apps`. */
  readonly appSubscriptions: readonly {
    readonly place: number;
    readonly appId: string;
    readonly reading: Reading<readonly AppSubscription[]>;
  }[];
}

export interface MetaSeen {
  readonly secret: GraphSecret;
  readonly token: TokenReading;
  readonly account: Reading<AccountReading>;
  /** Why the token cannot be used. What needs a good one is absent then. */
  readonly trouble?: TokenTrouble;
  readonly subscribedApps?: Reading<readonly SubscribedApp[]>;
  readonly conversations?: Reading<ConversationsReading>;
  /** Looked at when no app is known to be good otherwise. */
  readonly proofs?: ProofReading;
  /** How far this clock is ahead of Meta's. */
  readonly clockAheadMs?: number;
}

/** Looks at everything once. Never rejects for what Meta answers. */
export async function look(input: CheckInput, limits: CheckLimits): Promise<Seen> {
  const startedAt = performance.now();
  const deadline = startedAt + limits.totalTimeoutMs;
  const timeoutMs = () => Math.max(1, Math.min(limits.callTimeoutMs, deadline - performance.now()));
  const apps = input.connection.webhook?.apps ?? [];
  const secret = input.connection.graph;
  let clockAheadMs: number | undefined;

  const appSubscriptions = Promise.all(
    apps.flatMap(({ app_id: appId, app_secret: appSecret }, place) =>
      appId === undefined
        ? []
        : readAppSubscriptions({ app_id: appId, app_secret: appSecret }, timeoutMs()).then((reading) => ({
            place,
            appId,
            reading,
          })),
    ),
  );
  if (!secret) return { ...input, apps, appSubscriptions: await appSubscriptions };

  const [token, account, ofApps] = await Promise.all([
    readToken(secret.access_token, apps, timeoutMs()),
    readAccount(secret, timeoutMs(), (serverMs, receivedAt) => {
      clockAheadMs = input.nowMs + (receivedAt - startedAt) - serverMs;
    }),
    appSubscriptions,
  ]);
  const trouble = tokenTrouble(secret.login, token, account);
  const isReached = account.ok || account.failure.kind !== 'not_reached';
  const isAnyAppGood =
    ofApps.some(({ reading }) => reading.ok) || token.pairs.some(({ verdict }) => isGood(verdict));
  const [subscribedApps, conversations, proofs] =
    trouble || !isReached
      ? []
      : await Promise.all([
          readSubscribedApps(secret, timeoutMs()),
          readConversations(secret, { timeoutMs, turn: limits.conversationsTurn ?? ownPace(deadline) }),
          isAnyAppGood || apps.length === 0 ? undefined : readProofs(secret, apps, timeoutMs()),
        ]);
  return {
    ...input,
    apps,
    appSubscriptions: ofApps,
    meta: {
      secret,
      token,
      account,
      ...(trouble && { trouble }),
      ...(subscribedApps && { subscribedApps }),
      ...(conversations && { conversations }),
      ...(proofs && { proofs }),
      ...(clockAheadMs !== undefined && { clockAheadMs }),
    },
  };
}

/** Whether the app's id and secret belong together. */
export function isGood(verdict: TokenReading['pairs'][number]['verdict']): boolean {
  return verdict === 'issuer' || verdict === 'other_app' || verdict === 'no_token';
}
