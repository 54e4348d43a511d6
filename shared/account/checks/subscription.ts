import { finding } from '../findings.ts';
import { describeFailure } from '../graph-reading.ts';
import type { AppSubscription } from '../read-subscription.ts';
import type { MetaSeen, Seen } from '../seen.ts';
import { ownApp } from '../subscription-drift.ts';
import { at, plural, sentence } from '../words.ts';
import { type Check, found, nothing, type Said, together, unchecked } from './check.ts';
import { permissionRefusal } from './permissions.ts';
import { unread } from './token.ts';

const messages = 'messages';

/** How long a renewal is told of: longer than a weekend, so that nobody misses it. */
const renewalToldForMs = 3 * 24 * 60 * 60 * 1000;

/** Whether Meta delivers the account's messages to the app, and the app asks for them. */
export const checkSubscription: Check = (seen) => {
  const { meta } = seen;
  return together(meta ? checkAccountsSide(meta) : nothing, checkAppsSide(seen));
};

/** Whether the subscription had ended, and was renewed by the check itself. */
export const checkRenewal: Check = ({ observed: { subscriptionRenewedAtMs: renewedAtMs }, nowMs }) =>
  renewedAtMs === undefined || nowMs - renewedAtMs > renewalToldForMs
    ? nothing
    : found(finding('subscription_renewed', `It was renewed at ${at(renewedAtMs)}.`));

function checkAccountsSide(meta: MetaSeen): Said {
  const { secret, subscribedApps } = meta;
  if (!subscribedApps) return nothing;
  if (!subscribedApps.ok) {
    return permissionRefusal(subscribedApps) === undefined
      ? unread('whether the account is subscribed', subscribedApps.failure)
      : nothing;
  }
  const app = ownApp(meta, subscribedApps.value);
  if (!app) {
    const others = subscribedApps.value.length;
    const lists = others === 0 ? 'no app' : `${plural(others, 'other app')} and not this one`;
    return found(finding('not_subscribed', `The account delivers to ${lists}.`));
  }
  // With Facebook login these are fields of the Page; Instagram's are the app's.
  if (secret.login === 'facebook') return nothing;
  if (!app.fields) return unchecked('the subscribed fields', 'Meta lists the app without them.');
  return app.fields.includes(messages) ? nothing : fieldMissing(app.fields);
}

function checkAppsSide(seen: Seen): Said {
  const told = appSubscriptions(seen);
  if (!told) return checkByForeignDeliveries(seen, whyNotTold(seen));
  const instagram = told.find(({ object }) => object === 'instagram');
  if (!instagram)
    return checkWithoutInstagram(
      seen,
      told.some(({ object }) => object === 'page'),
    );
  if (!instagram.isActive) {
    return found(finding('not_subscribed', "The app's webhook for the object instagram is not active."));
  }
  const isChosenHere = seen.meta?.secret.login !== 'instagram';
  return !isChosenHere || instagram.fields.includes(messages) ? nothing : fieldMissing(instagram.fields);
}

/** Meta's own reference leaves Instagram out of the list, so what came from Meta weighs more. */
function checkWithoutInstagram(seen: Seen, hasPage: boolean): Said {
  const { handshakeAtMs, deliveryAtMs } = seen.observed;
  if (deliveryAtMs !== undefined || (handshakeAtMs !== undefined && !hasPage)) {
    return checkByForeignDeliveries(
      seen,
      'Meta lists no webhook for the object instagram, and seems to have one.',
    );
  }
  return found(
    hasPage
      ? finding(
          'page_object_subscribed',
          'The app has a webhook for the object page, and none for instagram.',
        )
      : finding('messages_field_missing', 'The app has no webhook for the object instagram.'),
  );
}

/** Meta did not tell; deliveries of another object do. */
function checkByForeignDeliveries({ observed }: Seen, why: string | undefined): Said {
  const { foreignObject, foreignObjectAtMs, deliveryAtMs = 0 } = observed;
  if (foreignObject === 'page' && foreignObjectAtMs !== undefined && foreignObjectAtMs > deliveryAtMs) {
    return found(
      finding('page_object_subscribed', 'A delivery of the object page came, and none of instagram since.', [
        `It came at ${at(foreignObjectAtMs)}.`,
      ]),
    );
  }
  return why === undefined ? nothing : unchecked("the app's webhook: object, fields, address", why);
}

/** The webhooks of the app that signs the deliveries, else of the token's, else of the first that tells. */
export function appSubscriptions({
  appSubscriptions: ofApps,
  meta,
  observed,
}: Seen): readonly AppSubscription[] | undefined {
  const told = ofApps.flatMap(({ place, appId, reading }) =>
    reading.ok ? [{ place, appId, value: reading.value }] : [],
  );
  const [first] = told;
  const ofSigner = told.find(({ place }) => place === observed.deliverySecretPlace);
  const ofToken = told.find(({ appId }) => appId === meta?.token.facts?.appId);
  return (ofSigner ?? ofToken ?? first)?.value;
}

/** The app's webhook for the object instagram, where Meta tells. */
export function instagramWebhook(seen: Seen): AppSubscription | undefined {
  return appSubscriptions(seen)?.find(({ object }) => object === 'instagram');
}

function whyNotTold({ apps, appSubscriptions: ofApps, meta }: Seen): string | undefined {
  const [failure] = ofApps.flatMap(({ reading }) => (reading.ok ? [] : [reading.failure]));
  if (!failure) {
    return apps.length === 0 ? undefined : 'It takes the id and the secret of the app: APP_ID is not set.';
  }
  const hint =
    meta?.secret.login === 'instagram' ? " It is told to the Meta app's pair of id and secret alone." : '';
  return `${sentence(describeFailure(failure))}${hint}`;
}

function fieldMissing(fields: readonly string[]): Said {
  return found(
    finding(
      'messages_field_missing',
      fields.length === 0 ? 'No field is subscribed.' : `Subscribed are ${fields.join(', ')}.`,
    ),
  );
}
