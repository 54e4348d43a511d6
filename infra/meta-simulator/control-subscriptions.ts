import * as z from 'zod';
import { type SubscribedObject, subscribedObjects } from './app-subscriptions.ts';
import type { ControlOptions, Handler } from './control-options.ts';
import { ControlError, readAs } from './control-request.ts';

const address = z
  .httpUrl()
  .or(z.url({ protocol: /^https?$/, hostname: /^(localhost|127\.0\.0\.1|\[::1\])$/ }));
const ofAccount = z.strictObject({ subscribed: z.boolean() });
const callback = z.strictObject({ url: address, verifyToken: z.string().min(1).exactOptional() });
const ofApp = z.strictObject({
  object: z.enum(subscribedObjects),
  callbackUrl: address.exactOptional(),
  fields: z.array(z.string().regex(/^[a-z_]+$/)).exactOptional(),
  active: z.boolean().exactOptional(),
  includeValues: z.boolean().exactOptional(),
});
const messengerText = z.strictObject({ text: z.string().min(1) });

/** What is set under Webhooks in the App Dashboard, the account's own layer, and the Page's Messenger. */
export function subscriptionRoutes(options: ControlOptions): Readonly<Record<string, Handler>> {
  const { deliveries, messenger } = options;
  const { subscriptions } = options.world;

  /** Without the verify tokens, which the owner typed. */
  function shown() {
    return {
      objects: subscriptions.list().map(([object, { callbackUrl, fields, active, includeValues }]) => ({
        object,
        callbackUrl: callbackUrl ?? null,
        fields,
        active,
        includeValues,
      })),
    };
  }

  return {
    'PUT subscription': async (request) => {
      deliveries.subscribed = (await readAs(ofAccount, request)).subscribed;
      return { subscribed: deliveries.subscribed };
    },
    'GET callback': () => ({ url: subscriptions.of('instagram')?.callbackUrl ?? null }),
    'PUT callback': async (request) => {
      const { url, verifyToken } = await readAs(callback, request);
      return options.verifyAndSave(url, verifyToken);
    },
    'GET app-subscriptions': shown,
    'PUT app-subscriptions': async (request) => {
      const { object, ...change } = await readAs(ofApp, request);
      subscriptions.set(object, change);
      return shown();
    },
    'DELETE app-subscriptions': (_request, url) => {
      subscriptions.remove(objectFrom(url.searchParams.get('object')));
      return shown();
    },
    'POST messenger': async (request) => messenger.write((await readAs(messengerText, request)).text),
  };
}

function objectFrom(given: string | null): SubscribedObject {
  const object = subscribedObjects.find((each) => each === given);
  if (!object) throw new ControlError(400, `object= must be ${subscribedObjects.join(' or ')}.`);
  return object;
}
