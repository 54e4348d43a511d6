import { finding } from '../findings.ts';
import type { Seen } from '../seen.ts';
import { at, duration } from '../words.ts';
import { isCallbackBroken } from './callback.ts';
import { type Check, found, nothing } from './check.ts';
import { deliveryPrecisionMs } from './signature.ts';
import { appSubscriptions, instagramWebhook } from './subscription.ts';

const dayMs = 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;
/** As long as a first delivery may take, with the tries that follow at once. */
const deliveryMs = 5 * 60 * 1000;

interface LikelyCause {
  readonly code: 'development_mode_likely' | 'access_level_likely';
  readonly found: string;
  readonly evidence: readonly string[];
}

/** What Meta tells by no API: whether the app is live, and how far its access reaches. */
export const checkLikely: Check = (seen) => {
  const cause = likelyCause(seen);
  return cause ? found(finding(cause.code, cause.found, cause.evidence)) : nothing;
};

export function likelyCause(seen: Seen): LikelyCause | undefined {
  const refusals = recentRefusals(seen).flatMap((refusal) => {
    const hint = hintOf(refusal);
    return hint ? [{ ...refusal, hint }] : [];
  });
  const silence = silenceSinceHandshake(seen);
  const evidence = [
    ...refusals.map(({ name, atMs }) => `Meta refused a send with ${name} at ${at(atMs)}.`),
    ...(silence === undefined ? [] : [silence]),
  ];
  if (refusals.some(({ hint }) => hint === 'development')) {
    return {
      code: 'development_mode_likely',
      found: 'Meta says that the app is not live, or that its permission is not reviewed.',
      evidence,
    };
  }
  if (silence !== undefined) {
    return {
      code: 'development_mode_likely',
      found: 'All is subscribed, and nothing is delivered.',
      evidence,
    };
  }
  if (refusals.length === 0) return undefined;
  return { code: 'access_level_likely', found: 'Meta refuses sends to people without a role.', evidence };
}

interface Refusal {
  /** `<code>/<subcode>`, as it was noticed. */
  readonly name: string;
  readonly code: number;
  readonly subcode: number | undefined;
  readonly atMs: number;
}

/** Refusals of sends in the last day: what was mended since shall not be held against the owner for long. */
export function recentRefusals({ observed, nowMs }: Seen): readonly Refusal[] {
  return Object.entries(observed.refusedSendAtMs ?? {}).flatMap(([name, atMs]) => {
    if (nowMs - atMs > dayMs) return [];
    const [code, subcode] = name.split('/').map(Number);
    return code ? [{ name, code, subcode: subcode || undefined, atMs }] : [];
  });
}

/** What a refusal hints at. MP §7.3; 10/2534022 is noticed only where our own window was open. */
function hintOf({ code, subcode }: Refusal): 'development' | 'access' | undefined {
  if (code === 200) {
    if (subcode === 2018028 || subcode === 2018027) return 'development';
    // Message access, and a person who cannot be reached now.
    return subcode === 2534041 || subcode === 1545041 || subcode === 2018021 ? undefined : 'access';
  }
  if (code === 1) return subcode === 99 ? 'access' : undefined;
  if (code === 3) return 'access';
  return code === 10 && (subcode === undefined || subcode === 2534022 || subcode === 2018278)
    ? 'access'
    : undefined;
}

/** Meta shook hands, and delivers nothing though there is something to deliver, or would be. */
function silenceSinceHandshake(seen: Seen): string | undefined {
  // Then it is lost on the way.
  if (isCallbackBroken(seen)) return undefined;
  const { meta, observed, nowMs } = seen;
  const conversations = meta?.conversations?.ok ? meta.conversations.value : undefined;
  const { handshakeAtMs } = observed;
  if (handshakeAtMs === undefined || !conversations || !isSubscribed(seen)) return undefined;
  const { deliveryAtMs = 0, signatureFailureAtMs = 0, foreignObjectAtMs = 0 } = observed;
  const heardAtMs = Math.max(deliveryAtMs + deliveryPrecisionMs, signatureFailureAtMs, foreignObjectAtMs);
  // Whatever came, came from Meta: then it does deliver.
  if (heardAtMs >= handshakeAtMs) return undefined;
  const { newestAtMs } = conversations;
  const since = `Since Meta's handshake at ${at(handshakeAtMs)} no delivery has come`;
  if (newestAtMs !== undefined) {
    return newestAtMs > handshakeAtMs && nowMs - newestAtMs > deliveryMs
      ? `${since}, and a conversation has a message of ${at(newestAtMs)}.`
      : undefined;
  }
  return conversations.isEmpty && nowMs - handshakeAtMs > hourMs
    ? `${since} for ${duration(nowMs - handshakeAtMs)}, and Meta lists no conversation.`
    : undefined;
}

function isSubscribed(seen: Seen): boolean {
  const { subscribedApps } = seen.meta ?? {};
  const instagram = instagramWebhook(seen);
  const isAskedFor = instagram
    ? instagram.isActive && instagram.fields.includes('messages')
    : !appSubscriptions(seen)?.some(({ object }) => object === 'page');
  return subscribedApps?.ok === true && subscribedApps.value.length > 0 && isAskedFor;
}
