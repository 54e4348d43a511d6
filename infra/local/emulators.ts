import * as z from 'zod';
import type { DataFolder } from './data-folder.ts';
import { type DeployedResource, type Deployment, ofType, propertiesOf } from './deployment.ts';
import { type Endpoints, secretArn } from './identities.ts';
import { consoleQueue } from './message-lines.ts';
import { type Queues, type Subscription, startQueues } from './queues.ts';
import { ignoredProtocols } from './resource-types.ts';
import { type SecretsManager, startSecretsManager } from './secrets-manager.ts';
import { startTables, type Tables } from './tables.ts';
import { TemplateError } from './template.ts';

/** DynamoDB, SQS, SNS and Secrets Manager on this machine, kept in the data folder. */
export interface Emulators {
  readonly endpoints: Endpoints;
  readonly secretsManager: SecretsManager;
  /** Makes the template's tables, queues, topics and secrets unless they exist. */
  deploy(deployment: Deployment, visibilityTimeoutSeconds?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startEmulators(dataFolder: DataFolder): Promise<Emulators> {
  const secretsFile = {
    read: () => dataFolder.read('secrets.json'),
    write: (content: string) => dataFolder.write('secrets.json', content),
  };
  const [tables, queues, secretsManager] = await Promise.all([
    startTables(dataFolder.in('dynamodb')),
    startQueues(dataFolder.in('sqs')),
    startSecretsManager(secretsFile),
  ]);
  return {
    endpoints: {
      dynamodb: tables.url,
      sqs: queues.url,
      sns: queues.url,
      secretsManager: secretsManager.url,
    },
    secretsManager,
    deploy: async (deployment, visibilityTimeoutSeconds) => {
      await deployTables(deployment, tables);
      deployQueues(deployment, queues, visibilityTimeoutSeconds);
      deployTopics(deployment, queues);
      deploySecrets(deployment, secretsManager);
    },
    stop: async () => {
      await Promise.all([tables.stop(), queues.stop(), secretsManager.stop()]);
    },
  };
}

async function deployTables(deployment: Deployment, tables: Tables): Promise<void> {
  for (const { name, properties } of ofType(
    deployment,
    'AWS::DynamoDB::Table',
    'AWS::DynamoDB::GlobalTable',
  )) {
    await tables.ensure(name, properties);
  }
}

/** The properties of a queue that SQS takes as attributes of the same name. */
const queueAttributes = z.object({
  ContentBasedDeduplication: z.unknown().optional(),
  DelaySeconds: z.unknown().optional(),
  FifoQueue: z.unknown().optional(),
  MaximumMessageSize: z.unknown().optional(),
  MessageRetentionPeriod: z.unknown().optional(),
  ReceiveMessageWaitTimeSeconds: z.unknown().optional(),
  RedrivePolicy: z.unknown().optional(),
  VisibilityTimeout: z.unknown().optional(),
});

function deployQueues(
  deployment: Deployment,
  queues: Queues,
  visibilityTimeoutSeconds: number | undefined,
): void {
  for (const queue of ofType(deployment, 'AWS::SQS::Queue')) {
    const attributes = attributesOf(propertiesOf(queue, queueAttributes));
    queues.ensureQueue(queue.name, {
      ...attributes,
      ...(visibilityTimeoutSeconds !== undefined && {
        VisibilityTimeout: String(visibilityTimeoutSeconds),
      }),
    });
  }
  queues.ensurePassingQueue(consoleQueue);
}

const subscriptionProperties = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  RawMessageDelivery: z.unknown().optional(),
  FilterPolicy: z.unknown().optional(),
  FilterPolicyScope: z.unknown().optional(),
});

function deployTopics(deployment: Deployment, queues: Queues): void {
  const subscriptions = ofType(deployment, 'AWS::SNS::Subscription').flatMap(readSubscription);
  for (const { name } of ofType(deployment, 'AWS::SNS::Topic')) {
    const own = subscriptions.filter(({ topicArn }) => topicArn.split(':').at(-1) === name);
    queues.ensureTopic(name, [
      ...own.map(({ subscription }) => subscription),
      { queueName: consoleQueue, attributes: { RawMessageDelivery: 'true' } },
    ]);
  }
}

/** None for a protocol that is knowingly left out. */
function readSubscription(
  resource: DeployedResource,
): { readonly topicArn: string; readonly subscription: Subscription }[] {
  const { TopicArn, Protocol, Endpoint, ...attributes } = propertiesOf(resource, subscriptionProperties);
  if (Protocol in ignoredProtocols) return [];
  if (Protocol !== 'sqs') {
    throw new TemplateError(
      `${resource.logicalId}: the protocol ${Protocol} is not supported on this machine, only sqs is.`,
    );
  }
  const queueName = Endpoint.split(':').at(-1) ?? '';
  return [{ topicArn: TopicArn, subscription: { queueName, attributes: attributesOf(attributes) } }];
}

function deploySecrets(deployment: Deployment, secretsManager: SecretsManager): void {
  for (const { logicalId, properties } of ofType(deployment, 'AWS::SecretsManager::Secret')) {
    const unsupported = ['SecretString', 'GenerateSecretString'].find((name) => name in properties);
    if (unsupported) {
      throw new TemplateError(`${logicalId}: ${unsupported} is not supported on this machine.`);
    }
    secretsManager.ensure(secretArn(logicalId));
  }
}

/** SQS and SNS take every attribute as a string, objects as JSON. */
function attributesOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}
