import { healthStore } from '../../shared/account/health-store.ts';
import { viewStatus } from '../../shared/account/status-view.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';

export const handler = apiHandler('read', {}, async () => {
  const health = healthStore(dynamodb(), required('TABLE_NAME'));
  const [report, observed] = await Promise.all([health.report(), health.observations()]);
  return success({ data: viewStatus(report, observed) });
});
