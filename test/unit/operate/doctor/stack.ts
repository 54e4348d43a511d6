import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { CheckInput } from '../../../../shared/account/check-account.ts';

export interface StackOptions {
  readonly connection: CheckInput['connection'];
  readonly callbackUrl: string;
  readonly concurrency?: number;
  /** `null`: a stack that does not tell. */
  readonly alarmsTo?: string | null;
  /** By the secret's ARN, what reading it gives in place of its value. */
  readonly secretError?: Error;
  readonly lambdaError?: Error;
}

/** A deployed stack, at the edge of the AWS clients. */
export function mockStack({
  connection,
  callbackUrl,
  concurrency = 1000,
  alarmsTo = 'owner@example.com',
  secretError,
  lambdaError,
}: StackOptions) {
  const outputs = {
    CallbackUrl: callbackUrl,
    TableName: 'table',
    EventsQueueUrl: 'https://sqs.example/events',
    DeadLetterQueueUrl: 'https://sqs.example/dead',
    WebhookSecretArn: 'arn:webhook',
    GraphSecretArn: 'arn:graph',
    ...(alarmsTo === null ? {} : { AlarmsTo: alarmsTo }),
  };
  const cloudFormation = mockClient(CloudFormationClient);
  cloudFormation.on(DescribeStacksCommand, { StackName: 'InstagramMessageGateway' }).resolves({
    Stacks: [
      {
        StackName: 'InstagramMessageGateway',
        CreationTime: new Date(0),
        StackStatus: 'CREATE_COMPLETE',
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
  const secrets = mockClient(SecretsManagerClient);
  for (const [arn, value] of [
    ['arn:webhook', connection.webhook],
    ['arn:graph', connection.graph],
  ] as const) {
    const command = secrets.on(GetSecretValueCommand, { SecretId: arn });
    if (secretError) command.rejects(secretError);
    else if (value) command.resolves({ SecretString: JSON.stringify(value) });
    else command.rejects(Object.assign(new Error('no value'), { name: 'ResourceNotFoundException' }));
  }
  const queues = mockClient(SQSClient);
  queues.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
  });
  const lambda = mockClient(LambdaClient);
  const settings = lambda.on(GetAccountSettingsCommand);
  if (lambdaError) settings.rejects(lambdaError);
  else settings.resolves({ AccountLimit: { ConcurrentExecutions: concurrency } });
  const table = mockClient(DynamoDBDocumentClient);
  table.on(GetCommand).resolves({});
  table.on(UpdateCommand).resolves({ Attributes: { next_at: 0 } });
  table.on(PutCommand).resolves({});
  return {
    table,
    restore: () => {
      for (const mock of [cloudFormation, secrets, queues, lambda, table]) mock.restore();
    },
  };
}
