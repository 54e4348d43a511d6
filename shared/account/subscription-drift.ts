import type { Observations } from './health-store.ts';
import type { SubscribedApp } from './read-subscription.ts';
import type { MetaSeen, Seen } from './seen.ts';
import { messageFields, pageField } from './subscription-fields.ts';

/** The account's side of the subscription, as it is now. */
export interface SubscriptionSeen {
  readonly login: 'facebook' | 'instagram';
  readonly accountId: string;
  /** Our app's entry; absent: nothing is delivered to it. */
  readonly app?: SubscribedApp;
}

/** At most one attempt a day: whoever ends the subscription again and again means it, or something else is wrong. */
const intervalMs = 24 * 60 * 60 * 1000;

/** `undefined` where Meta did not tell. */
export function subscriptionSeen({ meta }: Seen): SubscriptionSeen | undefined {
  if (!meta?.subscribedApps?.ok) return undefined;
  const app = ownApp(meta, meta.subscribedApps.value);
  return { login: meta.secret.login, accountId: meta.secret.ig_user_id, ...(app && { app }) };
}

/** The entry of the token's app, where it is known. With Facebook login the Page lists other apps too. */
export function ownApp(
  { secret, token }: Pick<MetaSeen, 'secret' | 'token'>,
  listed: readonly SubscribedApp[],
): SubscribedApp | undefined {
  const own = token.facts?.appId;
  // Which of an app's two ids is told there for Instagram login is not documented; the token sees its own app alone.
  if (secret.login === 'instagram' || own === undefined) return listed[0];
  return listed.find(({ appId }) => appId === undefined || appId === own);
}

/** What the next check needs to know of a subscription that is there. */
export function observeSubscription(
  seen: SubscriptionSeen | undefined,
  observed: Observations,
): Pick<Observations, 'subscribedAccount' | 'subscribedFields'> {
  if (!seen?.app) return {};
  const { accountId, login, app } = seen;
  const told = app.fields ?? messageFields;
  const fields = login === 'facebook' ? [pageField] : messageFields.filter((field) => told.includes(field));
  const before = observed.subscribedAccount === accountId ? (observed.subscribedFields ?? []) : [];
  // What is gone now is still what it should be.
  const all = [...new Set([...before, ...fields])].toSorted();
  if (all.length === 0 || all.join() === before.join()) return {};
  return { subscribedAccount: accountId, subscribedFields: all };
}

/**
 * The fields to ask for, where some have gone that this gateway has seen subscribed for this very account: those that
 * are gone, and those that are there, since a request replaces them all. `undefined`: there is nothing to renew.
 * Nobody's first subscription is made here: that is for `npm run connect`.
 */
export function fieldsToRenew(
  { login, accountId, app }: SubscriptionSeen,
  { subscribedAccount, subscribedFields = [], subscriptionTriedAtMs }: Observations,
  nowMs: number,
): readonly string[] | undefined {
  if (subscribedAccount !== accountId) return undefined;
  if (subscriptionTriedAtMs !== undefined && nowMs - subscriptionTriedAtMs < intervalMs) return undefined;
  if (login === 'facebook') return app ? undefined : [pageField];
  // Subscribed, and the fields are not told: then nothing is known to be gone.
  if (app && !app.fields) return undefined;
  const held = app?.fields ?? [];
  if (subscribedFields.every((field) => held.includes(field))) return undefined;
  return [...new Set([...held, ...subscribedFields])];
}
