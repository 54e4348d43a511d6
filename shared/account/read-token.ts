import * as z from 'zod/mini';
import type { WebhookSecret } from '../runtime/secrets.ts';
import { describeFailure, isRefusal, type Reading, readGraph } from './graph-reading.ts';

/** What Meta tells of a token to the app that issued it. */
export interface TokenFacts {
  readonly appId: string;
  /** `page`, `user`, `system_user` … as Meta says, in lower case. */
  readonly kind: string;
  readonly isValid: boolean;
  readonly scopes: readonly string[];
  /** The Pages or accounts that a permission is limited to, where Meta names any. */
  readonly targetIds: Readonly<Record<string, readonly string[]>>;
  /** Absent: it has no end. */
  readonly expiresAtMs?: number;
  readonly dataAccessExpiresAtMs?: number;
  /** Why it is not valid: 190 and its subcode, with Meta's words. */
  readonly error?: { readonly code: number; readonly subcode?: number; readonly message: string };
  /** Of the Page, for a Page token. */
  readonly profileId?: string;
}

/**
 * What asking with one pair of app id and secret showed:
 * `issuer` the token is this app's; `other_app` the pair is good and the token another app's; `no_token` the
 * pair is good and what was asked about is no token at all; `pair_refused` id and secret do not belong
 * together, or are not a Meta app's; `unsupported` Meta does not tell of such tokens; `unread` no answer.
 */
export interface PairReading {
  /** In the list of apps. */
  readonly place: number;
  readonly appId: string;
  readonly verdict: 'issuer' | 'other_app' | 'no_token' | 'pair_refused' | 'unsupported' | 'unread';
  /** Meta's words, or why there are none; absent for `issuer`. */
  readonly why?: string;
}

export interface TokenReading {
  /** One for each app that has an id; empty where none has. */
  readonly pairs: readonly PairReading[];
  /** From the first pair that issued the token. */
  readonly facts?: TokenFacts;
}

const tokenError = z.object({
  code: z._default(z.number(), 190),
  subcode: z.optional(z.number()),
  message: z._default(z.string(), ''),
});
const debugTokenAnswer = z.object({
  data: z.object({
    app_id: z.optional(z.coerce.string()),
    type: z._default(z.string(), ''),
    is_valid: z._default(z.boolean(), false),
    scopes: z._default(z.array(z.string()), []),
    granular_scopes: z._default(
      z.array(z.object({ scope: z.string(), target_ids: z.optional(z.array(z.coerce.string())) })),
      [],
    ),
    expires_at: z.optional(z.number()),
    data_access_expires_at: z.optional(z.number()),
    profile_id: z.optional(z.coerce.string()),
    error: z.optional(tokenError),
  }),
});
type DebugToken = z.infer<typeof debugTokenAnswer>['data'];

/**
 * Asks Meta what a token is worth, with each pair of app id and secret. Meta tells it to the issuing app alone,
 * on graph.facebook.com in both login flavours; for Instagram login it may refuse.
 * https://developers.facebook.com/docs/graph-api/reference/debug_token
 */
export async function readToken(
  accessToken: string,
  apps: WebhookSecret['apps'],
  timeoutMs: number,
): Promise<TokenReading> {
  const asked = await Promise.all(
    apps.map(async ({ app_id: appId, app_secret: secret }, place) => {
      if (appId === undefined) return undefined;
      const reading = await readGraph(
        { login: 'facebook', access_token: appToken(appId, secret) },
        { path: '/debug_token', query: { input_token: accessToken }, timeoutMs },
        debugTokenAnswer,
      );
      return judge({ place, appId }, reading);
    }),
  );
  const answers = asked.filter((answer) => answer !== undefined);
  const facts = answers.find((answer) => answer.facts)?.facts;
  return { pairs: answers.map(({ pair }) => pair), ...(facts && { facts }) };
}

/** With what an app speaks for itself. */
export function appToken(appId: string, appSecret: string): string {
  return `${appId}|${appSecret}`;
}

function judge(
  asker: Pick<PairReading, 'place' | 'appId'>,
  reading: Reading<z.infer<typeof debugTokenAnswer>>,
): { readonly pair: PairReading; readonly facts?: TokenFacts } {
  const pair = (verdict: PairReading['verdict'], why?: string) => ({
    pair: { ...asker, verdict, ...(why !== undefined && { why }) },
  });
  if (!reading.ok) {
    const { failure } = reading;
    const why = describeFailure(failure);
    if (failure.kind !== 'refused') return pair('unread', why);
    if (saysOtherApp(failure.details.message)) return pair('other_app', why);
    // The call's own token is the pair, so these are about the pair: 190 and 102 a token, 101 and 1 an app.
    const isAboutPair = [190, 102, 101, 1].some((code) => isRefusal(failure, code));
    return pair(
      isAboutPair ? 'pair_refused' : isThrottled(failure.details.code) ? 'unread' : 'unsupported',
      why,
    );
  }
  const { data } = reading.value;
  if (data.app_id !== undefined) return { ...pair('issuer'), facts: factsOf(data, data.app_id) };
  const message = data.error?.message ?? 'Meta knows no such token';
  return pair(saysOtherApp(message) ? 'other_app' : 'no_token', message);
}

/** Meta has no number of its own for it. */
function saysOtherApp(message: string): boolean {
  return /did not match the viewing app/i.test(message);
}

function isThrottled(code: number): boolean {
  return [2, 4, 17, 32, 341, 613].includes(code);
}

function factsOf(data: DebugToken, appId: string): TokenFacts {
  const { expires_at: expiresAt, data_access_expires_at: dataAccessExpiresAt, error } = data;
  return {
    appId,
    kind: data.type.toLowerCase(),
    isValid: data.is_valid,
    scopes: data.scopes,
    targetIds: Object.fromEntries(
      data.granular_scopes.flatMap(({ scope, target_ids: ids }) => (ids ? [[scope, ids]] : [])),
    ),
    // 0: it has no end.
    ...(expiresAt && { expiresAtMs: expiresAt * 1000 }),
    ...(dataAccessExpiresAt && { dataAccessExpiresAtMs: dataAccessExpiresAt * 1000 }),
    ...(error && {
      error: {
        code: error.code,
        ...(error.subcode !== undefined && { subcode: error.subcode }),
        message: error.message,
      },
    }),
    ...(data.profile_id !== undefined && { profileId: data.profile_id }),
  };
}
