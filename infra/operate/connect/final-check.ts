import { checkAccount } from '../../../shared/account/check-account.ts';
import type { FindingCode } from '../../../shared/account/finding-catalogue.ts';
import type { Observations } from '../../../shared/account/health-store.ts';
import { showReport } from '../doctor/show-report.ts';
import { type Connection, callerOf } from './connection.ts';
import type { Speaker } from './speaker.ts';

/** What only the App Dashboard mends: open until its steps are done. */
const ofDashboard: readonly FindingCode[] = [
  'messages_field_missing',
  'page_object_subscribed',
  'callback_elsewhere',
];

export interface Noticed {
  readonly observed: Observations;
  /** The public address that was found to lead to this gateway. */
  readonly callbackUrl?: string;
}

/**
 * Checks the whole connection as the doctor does, and tells what is found.
 * @returns whether nothing is wrong but what the App Dashboard's steps will mend.
 */
export async function finalCheck(
  connection: Connection,
  { observed, callbackUrl }: Noticed,
  graphVersion: string,
  { say }: Speaker,
): Promise<boolean> {
  const { login, apps, verifyToken, igUserId } = connection;
  const { access_token, appsecret_proof } = callerOf(connection);
  const { report } = await checkAccount({
    connection: {
      webhook: {
        apps: apps.map(({ id, secret }) => ({ app_id: id, app_secret: secret })),
        verify_token: verifyToken,
      },
      graph: { access_token, ig_user_id: igUserId, login, ...(appsecret_proof && { appsecret_proof }) },
    },
    observed,
    ...(callbackUrl !== undefined && { callback: { url: callbackUrl, probe: { result: 'ok' } } }),
    graphVersion,
    nowMs: Date.now(),
  });
  const { findings } = report;
  // What waits in the gateway's queues is the doctor's to look at.
  const unchecked = report.unchecked.filter(({ check }) => check !== 'whether all events were stored');
  say(`\n${showReport({ ...report, unchecked })}\nAll checks, also of the gateway itself: npm run doctor`);
  return findings.every(({ severity, code }) => severity === 'warning' || ofDashboard.includes(code));
}
