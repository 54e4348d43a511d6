import type { Context } from 'aws-lambda';
import { checkAccount } from '../../shared/account/check-account.ts';
import { healthStore } from '../../shared/account/health-store.ts';
import { tokenDaysLeft } from '../../shared/account/token-days-left.ts';
import { callBudget } from '../../shared/conversations/call-budget.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { beginLog, log } from '../../shared/runtime/log.ts';
import { emit, metricNames } from '../../shared/runtime/metrics.ts';
import { readConnection } from './read-connection.ts';
import { readQueues } from './read-queues.ts';

const maxWaitMs = 5_000;

/** Checks the connection to Meta and keeps the report, for `GET /api/status` and the doctor. Runs on a schedule. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  beginLog({ function_request_id: context.awsRequestId });
  const health = healthStore(dynamodb(), required('TABLE_NAME'));
  const [connection, observed, queues] = await Promise.all([
    readConnection(),
    health.observations(),
    readQueues(),
  ]);
  const { report, observe } = await checkAccount(
    {
      connection,
      observed,
      ...(queues && { queues }),
      graphVersion: required('GRAPH_API_VERSION'),
      nowMs: Date.now(),
    },
    connection.graph && { conversationsTurn: turnOf(connection.graph.ig_user_id) },
  );
  await health.saveReport(report);
  await health.observe(observe);
  const { findings, unchecked } = report;
  log.info('account checked', { findings: findings.map(({ code }) => code), unchecked: unchecked.length });
  const daysLeft = tokenDaysLeft(report);
  emit({
    [metricNames.accountErrors]: findings.filter(({ severity }) => severity === 'error').length,
    [metricNames.accountWarnings]: findings.filter(({ severity }) => severity === 'warning').length,
    ...(daysLeft !== undefined && { [metricNames.tokenDaysLeft]: daysLeft }),
  });
};

/** Within the calls that all functions together may make. */
function turnOf(account: string): () => Promise<boolean> {
  const budget = callBudget(dynamodb(), required('TABLE_NAME'), account);
  return () => budget.wait('conversations', Date.now() + maxWaitMs);
}
