import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FunctionName, functionNames } from '../../../functions/routes.ts';
import { deploySettings } from '../../../infra/deploy-settings.ts';
import { allExtensions, functionsByName, type LambdaFunction, resources, synthesise } from '../synthesise.ts';

interface Expected {
  readonly memory: number;
  readonly timeout: number;
  readonly variables: readonly string[];
  /** Beside the function's own log group. */
  readonly actions: readonly string[];
}

const graph = ['GRAPH_API_VERSION', 'GRAPH_SECRET_ARN', 'HUMAN_AGENT', 'TABLE_NAME'];
const sending = [...graph, 'EVENTS_QUEUE_URL', 'SENDS_QUEUE_URL', 'UPLOADS_BUCKET'].toSorted();

const subscribing = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

const expected: Record<FunctionName, Expected> = {
  'auto-reply': {
    memory: 256,
    timeout: 30,
    variables: ['AUTO_REPLY_RULES', 'SENDS_QUEUE_URL', 'SUBSCRIBER_QUEUE_URL', 'TABLE_NAME'],
    actions: [
      ...subscribing,
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'sqs:SendMessage',
    ],
  },
  'forward-events': {
    memory: 256,
    timeout: 30,
    variables: ['DEAD_LETTER_QUEUE_URL', 'FORWARD_EVENTS_URL', 'FORWARD_SECRET_ARN', 'SUBSCRIBER_QUEUE_URL'],
    actions: [...subscribing, 'secretsmanager:GetSecretValue', 'sqs:SendMessage'],
  },
  'receive-webhook': {
    memory: 256,
    timeout: 10,
    variables: ['EVENTS_QUEUE_URL', 'WEBHOOK_SECRET_ARN'],
    actions: ['secretsmanager:GetSecretValue', 'sqs:SendMessage'],
  },
  'receive-signed-request': {
    memory: 256,
    timeout: 10,
    variables: ['TABLE_NAME', 'WEBHOOK_SECRET_ARN'],
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'secretsmanager:GetSecretValue'],
  },
  'store-events': {
    memory: 512,
    timeout: 30,
    variables: [
      'DEAD_LETTER_QUEUE_URL',
      'EVENTS_QUEUE_URL',
      'EVENTS_TOPIC_ARN',
      'RECONCILE_QUEUE_URL',
      'SENDS_QUEUE_URL',
      'TABLE_NAME',
    ],
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'sns:Publish',
      // Of the events queue, and of its dead-letter queue.
      'sqs:ChangeMessageVisibility',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
  },
  reconcile: {
    memory: 512,
    timeout: 300,
    variables: [
      'EVENTS_QUEUE_URL',
      'GRAPH_API_VERSION',
      'GRAPH_SECRET_ARN',
      'RECONCILE_QUEUE_URL',
      'TABLE_NAME',
    ],
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'secretsmanager:GetSecretValue',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
  },
  'create-upload': {
    memory: 256,
    timeout: 10,
    variables: ['TABLE_NAME', 'UPLOADS_BUCKET'],
    actions: ['dynamodb:GetItem', 's3:PutObject'],
  },
  'send-message': {
    memory: 512,
    timeout: 28,
    variables: sending,
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      's3:GetObject',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ],
  },
  'send-sender-action': {
    memory: 512,
    timeout: 28,
    variables: [...graph, 'EVENTS_QUEUE_URL'].toSorted(),
    actions: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ],
  },
  'deliver-sends': {
    memory: 512,
    timeout: 180,
    variables: [...sending, 'RECONCILE_QUEUE_URL'].toSorted(),
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      's3:GetObject',
      'secretsmanager:GetSecretValue',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
  },
  'get-send': {
    memory: 512,
    timeout: 10,
    variables: ['TABLE_NAME'],
    actions: ['dynamodb:GetItem'],
  },
  'get-messages': {
    memory: 512,
    timeout: 28,
    variables: [...graph, 'RECONCILE_QUEUE_URL'].toSorted(),
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ],
  },
  'list-conversations': {
    memory: 512,
    timeout: 10,
    variables: ['HUMAN_AGENT', 'TABLE_NAME'],
    actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
  },
  'list-messages': {
    memory: 512,
    timeout: 10,
    variables: ['TABLE_NAME'],
    actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
  },
  'mark-read': {
    memory: 512,
    timeout: 10,
    variables: ['TABLE_NAME'],
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  },
  'get-status': {
    memory: 512,
    timeout: 10,
    variables: ['TABLE_NAME'],
    actions: ['dynamodb:GetItem'],
  },
  'refresh-token': {
    memory: 256,
    timeout: 60,
    variables: ['GRAPH_API_VERSION', 'GRAPH_SECRET_ARN', 'WEBHOOK_SECRET_ARN'],
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
  },
  'check-account': {
    memory: 256,
    timeout: 120,
    variables: [
      'DEAD_LETTER_QUEUE_URL',
      'EVENTS_QUEUE_URL',
      'GRAPH_API_VERSION',
      'GRAPH_SECRET_ARN',
      'RESUBSCRIBE',
      'TABLE_NAME',
      'WEBHOOK_SECRET_ARN',
    ],
    actions: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'secretsmanager:GetSecretValue',
      'sqs:GetQueueAttributes',
    ],
  },
  'manage-session': {
    memory: 512,
    timeout: 10,
    variables: ['TABLE_NAME'],
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  },
  'edit-saved-replies': {
    memory: 512,
    timeout: 10,
    variables: ['TABLE_NAME'],
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  },
  inbox: { memory: 256, timeout: 5, variables: ['UPLOADS_BUCKET'], actions: [] },
  'describe-api': { memory: 256, timeout: 5, variables: [], actions: [] },
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

describe('GatewayFunction', () => {
  let template: Template;
  let functions: ReturnType<typeof functionsByName>;
  beforeAll(async () => {
    template = await synthesise({ settings: deploySettings(allExtensions) });
    functions = functionsByName(template);
  });

  it('is there once for each function', () => {
    expect([...functions.keys()].toSorted()).toEqual(functionNames.toSorted());
    expect(resources(template, 'AWS::Lambda::Function')).toHaveLength(functionNames.length);
  });

  describe.each(functionNames)('%s', (name) => {
    it('runs on Node.js 24 and arm64, with stated memory and timeout, and plain text logs', () => {
      expect(functionNamed(name).Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: expected[name].memory,
        Timeout: expected[name].timeout,
        LoggingConfig: { LogFormat: 'Text' },
      });
      expect(functionNamed(name).Properties).not.toHaveProperty('TracingConfig');
      expect(functionNamed(name).Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    });

    it('logs to its own group alone, for a month', () => {
      const { Ref } = functionNamed(name).Properties.LoggingConfig.LogGroup;
      expect(new Map(resources(template, 'AWS::Logs::LogGroup')).get(Ref)).toMatchObject({
        DeletionPolicy: 'Delete',
        Properties: { RetentionInDays: 30 },
      });
      const statement = statementsOf(functionNamed(name)).find(({ Action }) =>
        Action.includes('logs:PutLogEvents'),
      );
      expect(statement?.Resource).toEqual({ 'Fn::GetAtt': [Ref, 'Arn'] });
    });

    it('is told what it needs and no more', () => {
      expect(Object.keys(functionNamed(name).Properties.Environment.Variables).toSorted()).toEqual(
        [...expected[name].variables, 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME'].toSorted(),
      );
    });

    it('may do what it needs and no more', () => {
      const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
      const actions = statementsOf(functionNamed(name)).flatMap(({ Action }) => Action);
      expect(actions.toSorted()).toEqual([...expected[name].actions, ...logs].toSorted());
    });
  });

  it('has a role of its own without a managed policy', () => {
    const roles = resources(template, 'AWS::IAM::Role');
    expect(roles).toHaveLength(functionNames.length);
    for (const [, { Properties }] of roles)
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
  });

  it('is granted no wildcard but for the names of uploaded files', () => {
    const statements = [...functions.values()].flatMap(statementsOf);
    expect(statements.length).toBeGreaterThan(functionNames.length);
    for (const { Effect, Action, Resource } of statements) {
      expect(Effect).toBe('Allow');
      expect(JSON.stringify([Action, Resource]).replace('"/uploads/*"', '')).not.toContain('*');
    }
  });

  it('is not made for what is off by default', async () => {
    const names = [...functionsByName(await synthesise()).keys()];
    expect(functionNames.filter((name) => !names.includes(name))).toEqual(['auto-reply', 'forward-events']);
  });

  it('sends Graph calls elsewhere only when the settings say so', async () => {
    const other = await synthesise({
      settings: deploySettings({
        GRAPH_API_VERSION: 'v30.0',
        HUMAN_AGENT: 'on',
        GRAPH_API_BASE_URL: 'https://graph.example',
      }),
    });
    const elsewhere = [...functionsByName(other)].filter(
      ([, { Properties }]) => Properties.Environment.Variables.GRAPH_API_BASE_URL !== undefined,
    );
    expect(elsewhere.map(([name]) => name)).toEqual([
      'send-message',
      'send-sender-action',
      'get-messages',
      'deliver-sends',
      'reconcile',
      'check-account',
      'refresh-token',
    ]);
    for (const [name, { Properties }] of elsewhere) {
      expect(Properties.Environment.Variables).toMatchObject({
        GRAPH_API_VERSION: 'v30.0',
        GRAPH_API_BASE_URL: 'https://graph.example',
        ...(!['check-account', 'refresh-token', 'reconcile'].includes(name) && { HUMAN_AGENT: 'on' }),
      });
    }
  });

  function functionNamed(name: FunctionName): LambdaFunction {
    const found = functions.get(name);
    if (!found) throw new Error(`The template has no function ${name}.`);
    return found;
  }

  function statementsOf({ Properties: { Role } }: LambdaFunction): Statement[] {
    const roles = JSON.stringify([{ Ref: Role['Fn::GetAtt'][0] }]);
    return resources(template, 'AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties.Roles) === roles)
      .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
  }
});
