import { finding } from '../findings.ts';
import { isGood, type Seen } from '../seen.ts';
import { at } from '../words.ts';
import { type Check, found, nothing, type Said, unchecked } from './check.ts';

/** A delivery that passes is noticed once a minute, so one may have passed this long after the last noticed one. */
export const deliveryPrecisionMs = 60_000;

/** Whether a delivery failed its signature check, and none has passed since. */
export function hasUnresolvedFailure({ observed }: Seen): boolean {
  const { signatureFailureAtMs, deliveryAtMs = 0 } = observed;
  return signatureFailureAtMs !== undefined && signatureFailureAtMs > deliveryAtMs + deliveryPrecisionMs;
}

/** Whether the secrets are the app's, and the ones that sign. */
export const checkSignature: Check = (seen) => {
  const { apps, meta, observed } = seen;
  if (apps.length === 0) return nothing;
  const good = goodPlaces(seen);
  const evidence = [
    ...(observed.signatureFailureAtMs === undefined
      ? []
      : [`A delivery failed its signature check at ${at(observed.signatureFailureAtMs)}.`]),
    observed.deliveryAtMs === undefined
      ? 'No delivery has passed it yet.'
      : `The last one that passed it came at ${at(observed.deliveryAtMs)}.`,
  ];
  if (hasUnresolvedFailure(seen)) {
    if (good.length > 0) {
      const which = good.length === 1 ? secretName(seen, good[0]) : 'the secrets';
      return found(
        finding(
          'signed_by_other_secret',
          `Meta accepts ${which}, and deliveries are signed otherwise.`,
          evidence,
        ),
      );
    }
    return found(finding('app_secret_wrong', 'Deliveries fail their signature check.', evidence));
  }
  if (good.length > 0 || observed.deliveryAtMs !== undefined) return checkIds(seen, good);
  return checkUnused(seen, meta?.proofs?.kind === 'read');
};

/** No secret was shown to be good, and no delivery has come that would show it. */
function checkUnused({ meta, apps, appSubscriptions }: Seen, provesNone: boolean): Said {
  const refused = meta?.token.pairs.filter(({ verdict }) => verdict === 'pair_refused') ?? [];
  // The second pair of an app with Instagram login is refused as an app's, and may not make proofs either.
  if (meta?.secret.login === 'facebook' && provesNone) {
    const ofIds = refused.map(
      ({ appId, why }) => `Meta refuses it together with the app id ${appId}: ${why}`,
    );
    return found(
      finding('app_secret_wrong', 'Meta does not take it as the secret of the app that made the token.', [
        'The proof (appsecret_proof) made with it is refused.',
        ...ofIds,
        ...(ofIds.length === 0 ? ['Or the token is of another app: with APP_ID set, this can be told.'] : []),
      ]),
    );
  }
  if (meta?.secret.login === 'facebook' && meta.trouble && refused.length === apps.length) {
    const [pair] = refused;
    return found(
      finding('app_secret_wrong', `Meta refuses it together with the app id ${pair?.appId}: ${pair?.why}`),
    );
  }
  const failure = appSubscriptions.find(({ reading }) => !reading.ok);
  const isAsked = meta !== undefined || failure !== undefined;
  return unchecked(
    'whether the app secret is the right one',
    isAsked
      ? 'Meta confirmed it in no way that it offers, and no delivery has come yet.'
      : 'There is no token to prove with it, and no delivery has come yet.',
  );
}

/** A secret that is good with an id that it does not belong to. */
function checkIds({ meta, observed, apps }: Seen, good: readonly number[]): Said {
  const pairs = meta?.token.pairs ?? [];
  const isEveryRefused = pairs.length > 0 && pairs.every(({ verdict }) => verdict === 'pair_refused');
  if (meta?.secret.login !== 'facebook' || !isEveryRefused) return nothing;
  const place = good[0] ?? observed.deliverySecretPlace ?? 0;
  const pair = pairs.find((each) => each.place === place);
  if (!pair || apps[place] === undefined) return nothing;
  return found(
    finding('app_id_wrong', `The app id ${pair.appId} does not go with its secret, which is good.`, [
      pair.why ?? '',
    ]),
  );
}

function goodPlaces({ meta, appSubscriptions }: Seen): readonly number[] {
  return [
    ...new Set([
      ...(meta?.token.pairs ?? []).filter(({ verdict }) => isGood(verdict)).map(({ place }) => place),
      ...appSubscriptions.filter(({ reading }) => reading.ok).map(({ place }) => place),
      ...(meta?.proofs?.kind === 'read' ? meta.proofs.places : []),
    ]),
  ].sort((a, b) => a - b);
}

function secretName({ apps }: Seen, place: number | undefined): string {
  const id = place === undefined ? undefined : apps[place]?.app_id;
  return id === undefined ? 'the secret' : `the secret of the app ${id}`;
}
