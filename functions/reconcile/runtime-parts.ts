import { accountId } from '../../shared/instagram/ids.ts';
import type { ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { NotConnectedError, secrets } from '../../shared/runtime/secrets.ts';

/** Meta's slowest answer, and time to write down what it said. */
const reserveMs = 110_000;

export async function runtimeParts(remainingMs: number): Promise<ReconcileParts> {
  const secret = await secrets.graph();
  const account = accountId(secret.ig_user_id);
  if (!account) throw new NotConnectedError('IG_USER_ID is no id');
  return {
    client: dynamodb(),
    tableName: required('TABLE_NAME'),
    sqs: sqs(),
    eventsQueueUrl: required('EVENTS_QUEUE_URL'),
    account,
    secret,
    beginBeforeMs: Date.now() + remainingMs - reserveMs,
  };
}
