import { type FindingCode, findingCatalogue } from './finding-catalogue.ts';

/** One thing that is wrong, as it is shown and stored. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  /** Inferred from `evidence`, since Meta tells it by no API. */
  readonly is_likely?: true;
  /** What was seen, with this owner's own values; never a token or a secret. */
  readonly found: string;
  readonly means: string;
  readonly to_do: string;
  readonly evidence?: readonly string[];
}

/** A check that could not be made, so that silence is not taken for health. */
export interface Unchecked {
  /** What would have been checked, in a few words. */
  readonly check: string;
  readonly why: string;
}

/** What is known of the account; members that could not be read are absent. */
export interface AccountFacts {
  readonly login?: 'facebook' | 'instagram';
  readonly ig_user_id?: string;
  readonly username?: string;
  readonly page_id?: string;
  readonly app_id?: string;
  /** ISO 8601; absent where the token has no end or it could not be read. */
  readonly token_expires_at?: string;
  readonly data_access_expires_at?: string;
  readonly subscribed_fields?: readonly string[];
}

export interface CheckReport {
  /** ISO 8601, UTC. */
  readonly checked_at: string;
  readonly account: AccountFacts;
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

/** @param found what was seen. @param evidence for what is likely, each thing that points to it. */
export function finding(code: FindingCode, found: string, evidence: readonly string[] = []): Finding {
  const { severity, isLikely, means, remedy } = findingCatalogue[code];
  return {
    code,
    severity,
    ...(isLikely && { is_likely: isLikely }),
    found,
    means,
    to_do: remedy,
    ...(evidence.length > 0 && { evidence }),
  };
}
