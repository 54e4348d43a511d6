import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AccountId } from '../../shared/instagram/ids.ts';
import type { ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { canaries } from './canaries.ts';
import type { TestGateway } from './gateway.ts';
import { accountId } from './webhook.ts';

const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Reconciles for a running gateway, as the owner's command does. The Graph variables must be set. */
export function reconcileParts(gateway: TestGateway, more: Partial<ReconcileParts> = {}): ReconcileParts {
  return {
    client: DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: gateway.endpoints.dynamodb, ...local }),
    ),
    tableName: gateway.tableName,
    sqs: new SQSClient({ endpoint: gateway.endpoints.sqs, ...local }),
    eventsQueueUrl: gateway.queueUrl('EventsQueue'),
    account: accountId as AccountId,
    secret: {
      access_token: canaries.accessToken,
      ig_user_id: accountId,
      login: gateway.configuration.login,
    },
    beginBeforeMs: Date.now() + 120_000,
    ...more,
  };
}
