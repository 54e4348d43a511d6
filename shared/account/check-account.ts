import { checkTheAccount } from './checks/account.ts';
import { checkAppUsers } from './checks/app-users.ts';
import { checkCallback, metaDeliversTo } from './checks/callback.ts';
import type { Check } from './checks/check.ts';
import { checkClock } from './checks/clock.ts';
import { checkConnection } from './checks/connection.ts';
import { checkConversations } from './checks/conversations.ts';
import { checkGraphVersion } from './checks/graph-version.ts';
import { checkHandshake } from './checks/handshake.ts';
import { checkLikely } from './checks/likely.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkQueues, observeQueues } from './checks/queues.ts';
import { checkSignature } from './checks/signature.ts';
import { checkRenewal, checkSubscription, instagramWebhook } from './checks/subscription.ts';
import { checkToken } from './checks/token.ts';
import { checkTokenApp } from './checks/token-app.ts';
import type { AccountFacts, CheckReport, Finding } from './findings.ts';
import type { Observations } from './health-store.ts';
import { withoutSecrets } from './redact.ts';
import { type CheckInput, type CheckLimits, look, type Seen } from './seen.ts';
import { observeSubscription, type SubscriptionSeen, subscriptionSeen } from './subscription-drift.ts';
import { observeToken } from './token-age.ts';

export type { CheckInput, CheckLimits } from './seen.ts';

const defaultLimits: CheckLimits = { callTimeoutMs: 8_000, totalTimeoutMs: 25_000 };

const checks: readonly Check[] = [
  checkConnection,
  checkToken,
  checkTokenApp,
  checkPermissions,
  checkTheAccount,
  checkSignature,
  checkHandshake,
  checkSubscription,
  checkRenewal,
  checkCallback,
  checkConversations,
  checkLikely,
  checkQueues,
  checkAppUsers,
  checkGraphVersion,
  checkClock,
];

export interface CheckResult {
  /** Holds no token and no secret. */
  readonly report: CheckReport;
  /** For `healthStore.observe`: what the next check needs to know of this one. */
  readonly observe: { readonly [Name in keyof Observations]?: Observations[Name] | undefined };
  /** Where Meta delivers to, by the app's webhook for the object instagram; absent when it was not told. */
  readonly callbackUrl?: string;
  /** The account's subscription; absent where Meta did not tell. */
  readonly subscription?: SubscriptionSeen;
}

/**
 * Looks for everything that can be wrong with the connection to Meta, as far as Meta's API, the configuration
 * and what the functions noticed can tell. What Meta answers never makes it reject; what could not be read is
 * in `unchecked`.
 */
export async function checkAccount(
  input: CheckInput,
  limits: Partial<CheckLimits> = {},
): Promise<CheckResult> {
  const seen = await look(input, { ...defaultLimits, ...limits });
  const said = checks.map((check) => check(seen));
  const report: CheckReport = {
    checked_at: new Date(input.nowMs).toISOString(),
    account: accountFacts(seen),
    findings: ordered(said.flatMap(({ findings = [] }) => findings)),
    unchecked: said.flatMap(({ unchecked = [] }) => unchecked),
  };
  const callbackUrl = metaDeliversTo(seen);
  const subscription = subscriptionSeen(seen);
  return {
    report: withoutSecrets(report, input.connection),
    observe: {
      ...observeQueues(input),
      ...observeToken(input),
      ...observeSubscription(subscription, input.observed),
    },
    ...(callbackUrl !== undefined && { callbackUrl }),
    ...(subscription && { subscription }),
  };
}

/** Errors first, else as they were found; a cause that two checks saw is told once. */
export function ordered(findings: readonly Finding[]): Finding[] {
  const once = findings.filter(
    ({ code }, place) => findings.findIndex((other) => other.code === code) === place,
  );
  return [
    ...once.filter(({ severity }) => severity === 'error'),
    ...once.filter(({ severity }) => severity === 'warning'),
  ];
}

function accountFacts(seen: Seen): AccountFacts {
  const { meta } = seen;
  if (!meta) return {};
  const { secret, token, account, subscribedApps } = meta;
  const { facts } = token;
  const told = account.ok ? account.value : undefined;
  const [id, username] =
    told?.kind === 'page' ? [told.account?.id, told.account?.username] : [told?.accountId, told?.username];
  const [app] = subscribedApps?.ok ? subscribedApps.value : [];
  const fields = secret.login === 'facebook' ? instagramWebhook(seen)?.fields : app?.fields;
  const appId = facts?.appId ?? app?.appId;
  const ownEndMs = secret.token_expires_at === undefined ? undefined : secret.token_expires_at * 1000;
  const tokenEndMs = facts?.expiresAtMs ?? ownEndMs;
  return {
    login: secret.login,
    ig_user_id: id ?? secret.ig_user_id,
    ...(username !== undefined && { username }),
    ...(told?.kind === 'page' && { page_id: told.pageId }),
    ...(appId !== undefined && { app_id: appId }),
    ...(tokenEndMs !== undefined && { token_expires_at: new Date(tokenEndMs).toISOString() }),
    ...(facts?.dataAccessExpiresAtMs !== undefined && {
      data_access_expires_at: new Date(facts.dataAccessExpiresAtMs).toISOString(),
    }),
    ...(fields && { subscribed_fields: fields }),
  };
}
