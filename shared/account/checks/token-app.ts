import { finding } from '../findings.ts';
import type { MetaSeen, Seen } from '../seen.ts';
import { at } from '../words.ts';
import { type Check, found, nothing, type Said, unchecked } from './check.ts';
import { hasUnresolvedFailure } from './signature.ts';

/** Whether token and webhook are of one app: the seed's "different sender id". */
export const checkTokenApp: Check = (seen) => {
  const { meta } = seen;
  if (!meta || meta.trouble || !meta.account.ok) return nothing;
  const { pairs, facts } = meta.token;
  const strangers = pairs.filter(({ verdict }) => verdict === 'other_app');
  if (facts) return checkSigner(seen, facts.appId, strangers);
  if (strangers.length > 0) {
    return other(
      `Meta says that it was made by none of the apps in APP_ID (${ids(seen)}).`,
      strangers.map(({ appId, why }) => `Asked as the app ${appId}: ${why}`),
    );
  }
  return seen.apps.length === 0 ? nothing : checkByProof(seen, meta);
};

/** The token's app is one of ours; the deliveries may still be signed by another one. */
function checkSigner(
  { apps, observed: { deliverySecretPlace: place, deliveryAtMs } }: Seen,
  tokenAppId: string,
  strangers: readonly { readonly place: number }[],
): Said {
  const signerId = place === undefined ? undefined : apps[place]?.app_id;
  // Only an app that Meta knows as another one: an app with Instagram login has a second id of its own.
  const isStranger = strangers.some((stranger) => stranger.place === place);
  if (signerId === undefined || signerId === tokenAppId || !isStranger) return nothing;
  return other(`The token is of the app ${tokenAppId}, and deliveries are signed by the app ${signerId}.`, [
    ...(deliveryAtMs === undefined ? [] : [`The last delivery came at ${at(deliveryAtMs)}.`]),
  ]);
}

/** Without Meta's word: a secret that signs the deliveries, and does not prove the token, is another app's. */
function checkByProof(seen: Seen, { secret, proofs, subscribedApps }: MetaSeen): Said {
  const { apps, observed } = seen;
  const signs = observed.deliveryAtMs !== undefined && !hasUnresolvedFailure(seen);
  const provesNone = proofs?.kind === 'read' && proofs.places.length === 0;
  const told = subscribedApps?.ok ? subscribedApps.value[0]?.appId : undefined;
  const isOurs = told !== undefined && apps.some(({ app_id: id }) => id === told);
  if (isOurs || (proofs?.kind === 'read' && !provesNone)) return nothing;
  // An app with Instagram login has two secrets. With one of them alone, the other may be what makes proofs.
  const knowsBoth = secret.login === 'facebook' || apps.length > 1;
  if (signs && knowsBoth && provesNone) {
    return other('No secret that signs the deliveries proves the token.', [
      ...(told === undefined ? [] : [`The account delivers to the app ${told}.`]),
      'Meta refuses the proofs (appsecret_proof) made with each of them.',
    ]);
  }
  if (knowsBoth && told !== undefined && apps.every(({ app_id: id }) => id !== undefined)) {
    return other(
      `The token's account delivers to the app ${told}, which is none of those in APP_ID (${ids(seen)}).`,
    );
  }
  return unchecked(
    'whether token and webhook are of one app',
    secret.login === 'instagram'
      ? 'Meta does not tell it of tokens of Instagram login. With both pairs of id and secret more can be seen.'
      : 'It takes the id and the secret of the app.',
  );
}

function ids({ apps }: Seen): string {
  return apps.flatMap(({ app_id: id }) => id ?? []).join(', ');
}

function other(what: string, evidence: readonly string[] = []): Said {
  return found(finding('token_of_another_app', what, evidence));
}
