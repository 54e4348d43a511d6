import type { GraphSecret, WebhookSecret } from '../runtime/secrets.ts';
import { type CheckReport, type Finding, finding, type Unchecked } from './findings.ts';
import type { Noticed, Observations } from './health-store.ts';

export interface CheckInput {
  /** What is configured; an absent part is one that has no value. */
  readonly connection: { readonly webhook?: WebhookSecret; readonly graph?: GraphSecret };
  readonly observed: Observations;
  /** Absent: not looked at. */
  readonly queues?: { readonly waiting: number; readonly inFlight: number; readonly deadLetters: number };
  /** Such as `v25.0`. */
  readonly graphVersion: string;
  readonly nowMs: number;
}

export interface CheckResult {
  readonly report: CheckReport;
  /** What the check itself wants remembered. */
  readonly observe: Noticed;
}

/** Everything that can be told of the connection to Meta from what is configured, observed and waiting. */
export async function checkAccount({ connection, queues, nowMs }: CheckInput): Promise<CheckResult> {
  const { webhook, graph } = connection;
  const missing = [...(webhook ? [] : ['app secret and verify token']), ...(graph ? [] : ['access token'])];
  const findings: Finding[] = [
    ...(missing.length > 0 ? [finding('not_connected', `Not set: ${missing.join('; ')}.`)] : []),
    ...(queues && queues.deadLetters > 0
      ? [finding('dead_letters_waiting', `Events in the dead-letter queue: ${queues.deadLetters}.`)]
      : []),
  ];
  const unchecked: Unchecked[] = [
    ...(queues ? [] : [{ check: 'the queues', why: 'SQS did not tell what waits in them.' }]),
    { check: 'the account at Meta', why: 'This check does not ask Meta.' },
  ];
  return {
    report: {
      checked_at: new Date(nowMs).toISOString(),
      account: { ...(graph && { login: graph.login, ig_user_id: graph.ig_user_id }) },
      findings,
      unchecked,
    },
    observe: {},
  };
}
