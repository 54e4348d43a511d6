import { healthStore } from '../../shared/account/health-store.ts';
import { viewStatus } from '../../shared/account/status-view.ts';
import { accountId } from '../../shared/instagram/ids.ts';
import { reconcileStore } from '../../shared/reconcile/reconcile-store.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';

export const handler = apiHandler('read', {}, async () => {
  const table = required('TABLE_NAME');
  const health = healthStore(dynamodb(), table);
  const [report, observed] = await Promise.all([health.report(), health.observations()]);
  const account = accountId(report?.account.ig_user_id);
  const lastRun = account && (await reconcileStore(dynamodb(), table, account).lastRun());
  return success({ data: { ...viewStatus(report, observed), ...(lastRun && { last_reconcile: lastRun }) } });
});
