import type { CheckReport } from './findings.ts';
import type { Observations } from './health-store.ts';
import type { StatusView } from './status-shape.ts';

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
