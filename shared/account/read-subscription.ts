import * as z from 'zod/mini';
import type { GraphCaller } from '../instagram/graph-client.ts';
import { type Reading, readGraph } from './graph-reading.ts';
import { appToken } from './read-token.ts';

/** An app that gets the account's webhooks, as the account tells. */
export interface SubscribedApp {
  readonly appId?: string;
  /** Absent where Meta does not tell them. With Facebook login they are the Page's, not Instagram's. */
  readonly fields?: readonly string[];
}

/** What an app wants to hear of one kind of object, as the App Dashboard has it. */
export interface AppSubscription {
  /** `instagram`, `page` … */
  readonly object: string;
  readonly callbackUrl?: string;
  readonly fields: readonly string[];
  readonly isActive: boolean;
}

const field = z.union([z.string(), z.object({ name: z.string() })]);
const nameOf = (each: z.infer<typeof field>) => (typeof each === 'string' ? each : each.name);

const subscribedAppsAnswer = z.object({
  data: z.array(
    z.object({ id: z.optional(z.coerce.string()), subscribed_fields: z.optional(z.array(field)) }),
  ),
});
const subscriptionsAnswer = z.object({
  data: z.array(
    z.object({
      object: z.string(),
      callback_url: z.optional(z.string()),
      fields: z._default(z.array(field), []),
      active: z._default(z.boolean(), true),
    }),
  ),
});

/**
 * Reads whether the account's webhooks are delivered to the token's app: empty when they are not.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export async function readSubscribedApps(
  caller: GraphCaller,
  timeoutMs: number,
): Promise<Reading<readonly SubscribedApp[]>> {
  const reading = await readGraph(caller, { path: '/me/subscribed_apps', timeoutMs }, subscribedAppsAnswer);
  if (!reading.ok) return reading;
  const value = reading.value.data.map(({ id, subscribed_fields: fields }) => ({
    ...(id !== undefined && { appId: id }),
    ...(fields && { fields: fields.map(nameOf) }),
  }));
  return { ok: true, value };
}

/**
 * Reads the app's webhooks. Meta tells them to the app itself, on graph.facebook.com; the second id of an app
 * with Instagram login is refused there.
 * https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
 */
export async function readAppSubscriptions(
  app: { readonly app_id: string; readonly app_secret: string },
  timeoutMs: number,
): Promise<Reading<readonly AppSubscription[]>> {
  const reading = await readGraph(
    { login: 'facebook', access_token: appToken(app.app_id, app.app_secret) },
    { path: `/${encodeURIComponent(app.app_id)}/subscriptions`, timeoutMs },
    subscriptionsAnswer,
  );
  if (!reading.ok) return reading;
  const value = reading.value.data.map(({ object, callback_url: callbackUrl, fields, active }) => ({
    object,
    ...(callbackUrl !== undefined && { callbackUrl }),
    fields: fields.map(nameOf),
    isActive: active,
  }));
  return { ok: true, value };
}
