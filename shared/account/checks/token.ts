import { finding } from '../findings.ts';
import { describeFailure } from '../graph-reading.ts';
import type { MetaSeen, Seen } from '../seen.ts';
import { refreshOverdue } from '../token-age.ts';
import { at, duration, sentence } from '../words.ts';
import { type Check, found, nothing, type Said, together, unchecked } from './check.ts';

const warnedBeforeMs = 14 * 24 * 60 * 60 * 1000;

/** Whether Meta can be reached and takes the token, and for how long. */
export const checkToken: Check = (seen) => {
  const { meta } = seen;
  if (!meta) return nothing;
  const { account, trouble } = meta;
  if (!account.ok && account.failure.kind === 'not_reached') {
    return together(
      found(finding('meta_unreachable', sentence(account.failure.why))),
      unchecked(ofGoodToken, 'Meta was not reached.'),
    );
  }
  if (trouble) {
    return together(
      found(finding(trouble.code, trouble.found)),
      unchecked(ofGoodToken, 'It needs a token that Meta takes.'),
    );
  }
  return together(checkEnds(seen, meta), checkRefreshing(seen));
};

const ofGoodToken = 'permissions, account, subscription, conversations';

function checkEnds({ nowMs }: Seen, meta: MetaSeen): Said {
  const { facts } = meta.token;
  // Meta tells no end of a token of Instagram login; whoever refreshed it knows.
  const ownEnd = meta.secret.token_expires_at;
  if (!facts && ownEnd === undefined) return unchecked('when the token ends', whyUntold(meta));
  const soon = (endMs: number | undefined): string | undefined => {
    if (endMs === undefined || endMs - nowMs > warnedBeforeMs) return undefined;
    return endMs <= nowMs
      ? `It ended at ${at(endMs)}.`
      : `It ends in ${duration(endMs - nowMs)}, at ${at(endMs)}.`;
  };
  const tokenEnd = soon(facts?.expiresAtMs ?? (ownEnd === undefined ? undefined : ownEnd * 1000));
  const dataEnd = soon(facts?.dataAccessExpiresAtMs);
  return together(
    tokenEnd === undefined ? nothing : found(finding('token_expires_soon', tokenEnd)),
    dataEnd === undefined ? nothing : found(finding('data_access_expires_soon', dataEnd)),
  );
}

/** Whatever keeps a token from being refreshed, its age shows it, weeks before its end. */
function checkRefreshing(seen: Seen): Said {
  const overdue = refreshOverdue(seen);
  if (!overdue) return nothing;
  const { sinceMs, wasRefreshed } = overdue;
  return found(
    finding(
      'token_not_refreshed',
      wasRefreshed
        ? `It was refreshed last at ${at(sinceMs)}.`
        : `It is used since ${at(sinceMs)}, and was never refreshed.`,
    ),
  );
}

/** Why Meta told nothing of the token, in a sentence. */
export function whyUntold({ token, secret }: MetaSeen): string {
  const [pair] = token.pairs;
  if (!pair) return 'It takes the id and the secret of the app: APP_ID is not set.';
  if (token.pairs.some(({ verdict }) => verdict === 'other_app')) {
    return 'Meta tells it to the app that made the token, which is another one.';
  }
  const isTold = token.pairs.some(({ verdict }) => verdict !== 'unsupported' && verdict !== 'pair_refused');
  if (secret.login === 'instagram' && !isTold) {
    return 'Meta does not tell it of tokens of Instagram login. A long-lived one has 60 days.';
  }
  return sentence(pair.why ?? 'Meta told it to none of the apps');
}

/** For a reading that failed in a way that has no finding of its own. */
export function unread(check: string, failure: Parameters<typeof describeFailure>[0]): Said {
  return unchecked(check, sentence(describeFailure(failure)));
}
