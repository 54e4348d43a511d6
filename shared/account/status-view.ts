import * as z from 'zod/mini';
import type { CheckReport } from './findings.ts';
import type { Observations } from './health-store.ts';

/** The shape in which the API shows the account's health. Times are ISO 8601, UTC. */
const findingView = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    is_likely: z.optional(z.literal(true)),
    found: z.string(),
    means: z.string(),
    to_do: z.string(),
    evidence: z.optional(z.array(z.string())),
  })
  .register(z.globalRegistry, {
    id: 'Finding',
    description:
      'One thing that is wrong. `code` is stable. `is_likely` marks what Meta tells by no API: it is inferred from `evidence`.',
  });

export const statusView = z
  .object({
    checked_at: z.optional(z.string()),
    account: z.object({
      login: z.optional(z.enum(['facebook', 'instagram'])),
      ig_user_id: z.optional(z.string()),
      username: z.optional(z.string()),
      page_id: z.optional(z.string()),
      app_id: z.optional(z.string()),
      token_expires_at: z.optional(z.string()),
      data_access_expires_at: z.optional(z.string()),
      subscribed_fields: z.optional(z.array(z.string())),
    }),
    findings: z.array(findingView),
    unchecked: z.array(z.object({ check: z.string(), why: z.string() })),
    last_delivery_at: z.optional(z.string()),
    last_handshake_at: z.optional(z.string()),
    last_signature_failure_at: z.optional(z.string()),
    /** How the store compared with Meta's conversations when it was looked at last. */
    last_reconcile: z.optional(
      z.object({
        reconciled_at: z.string(),
        threads_listed: z.int(),
        threads_read: z.int(),
        messages_found: z.int(),
        gaps: z.object({ unreadable: z.int(), absent: z.int() }),
        threads_failed: z.int(),
        is_complete: z.boolean(),
      }),
    ),
  })
  .register(z.globalRegistry, {
    id: 'Status',
    description:
      'What the hourly check of the connection to Meta found last, and when Meta was last heard of. `checked_at` is absent before the first check; `unchecked` lists what could not be checked, and why.',
  });
export type StatusView = z.infer<typeof statusView>;

const notCheckedYet: Pick<CheckReport, 'account' | 'findings' | 'unchecked'> = {
  account: {},
  findings: [],
  unchecked: [
    {
      check: 'everything',
      why: 'No check has run yet; it runs once an hour. "npm run doctor" checks at once.',
    },
  ],
};

/** @param report `undefined` before the first check. */
export function viewStatus(report: CheckReport | undefined, observed: Observations): StatusView {
  const { account, findings, unchecked } = report ?? notCheckedYet;
  const { subscribed_fields, ...facts } = account;
  const { deliveryAtMs, handshakeAtMs, signatureFailureAtMs } = observed;
  return {
    ...(report && { checked_at: report.checked_at }),
    account: { ...facts, ...(subscribed_fields && { subscribed_fields: [...subscribed_fields] }) },
    findings: findings.map(({ evidence, ...rest }) => ({
      ...rest,
      ...(evidence && { evidence: [...evidence] }),
    })),
    unchecked: [...unchecked],
    ...(deliveryAtMs !== undefined && { last_delivery_at: iso(deliveryAtMs) }),
    ...(handshakeAtMs !== undefined && { last_handshake_at: iso(handshakeAtMs) }),
    ...(signatureFailureAtMs !== undefined && { last_signature_failure_at: iso(signatureFailureAtMs) }),
  };
}

const iso = (atMs: number) => new Date(atMs).toISOString();
