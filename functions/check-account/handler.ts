import type { Context } from 'aws-lambda';
import { type CheckResult, checkAccount } from '../../shared/account/check-account.ts';
import { healthStore } from '../../shared/account/health-store.ts';
import { tokenDaysLeft } from '../../shared/account/token-days-left.ts';
import { callBudget } from '../../shared/conversations/call-budget.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { beginLog, log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';
import { healSubscription } from './heal-subscription.ts';
import { readConnection } from './read-connection.ts';
import { readQueues } from './read-queues.ts';

const maxWaitMs = 5_000;

/** Checks the connection to Meta and keeps the report, for `GET /api/status` and the doctor. Runs on a schedule. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  beginLog({ function_request_id: context.awsRequestId });
  const health = healthStore(dynamodb(), required('TABLE_NAME'));
  const [connection, queues] = await Promise.all([readConnection(), readQueues()]);
  const check = async () => {
    const observed = await health.observations();
    const result = await checkAccount(
      {
        connection,
        observed,
        ...(queues && { queues }),
        graphVersion: required('GRAPH_API_VERSION'),
        nowMs: Date.now(),
      },
      connection.graph && { conversationsTurn: turnOf(connection.graph.ig_user_id) },
    );
    await health.observe(result.observe);
    return { observed, result };
  };
  const { observed, result: first } = await check();
  const isRenewed =
    connection.graph !== undefined && (await healSubscription(health, connection.graph, observed, first));
  // Meta's word for it, not our own.
  const { report } = isRenewed ? (await check()).result : first;
  await health.saveReport(report);
  tell(report, isRenewed);
};

function tell(report: CheckResult['report'], isRenewed: boolean): void {
  const { findings, unchecked } = report;
  const daysLeft = tokenDaysLeft(report);
  log.info('account checked', {
    findings: findings.map(({ code }) => code),
    unchecked: unchecked.length,
    ...measured({
      [metricNames.accountErrors]: findings.filter(({ severity }) => severity === 'error').length,
      [metricNames.accountWarnings]: findings.filter(({ severity }) => severity === 'warning').length,
      [metricNames.subscriptionsRenewed]: isRenewed ? 1 : 0,
      ...(daysLeft !== undefined && { [metricNames.tokenDaysLeft]: daysLeft }),
    }),
  });
}

/** Within the calls that all functions together may make. */
function turnOf(account: string): () => Promise<boolean> {
  const budget = callBudget(dynamodb(), required('TABLE_NAME'), account);
  return () => budget.wait('conversations', Date.now() + maxWaitMs);
}
