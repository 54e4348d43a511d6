import { createServer } from 'node:http';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FunctionDefinition } from '../../infra/local/function-environment.ts';
import { queueUrl } from '../../infra/local/identities.ts';
import { localClient } from '../../infra/local/local-client.ts';
import { close, listen } from '../../infra/local/servers.ts';
import { startMeta } from '../../infra/meta-simulator/start-meta.ts';
import { account, app, type BenchGateway, startBenchGateway } from './bench-gateway.ts';
import { answeredBy, customer, keywords, unstored } from './first-events.ts';
import { functionDefinitions } from './function-definitions.ts';
import { type Call, recordCalls } from './recorded-calls.ts';

export interface IdleFunctions {
  readonly gateway: BenchGateway;
  /** Every function, with the services that it calls. */
  readonly plain: ReadonlyMap<string, FunctionDefinition>;
  /** The same, with what writes down each call on its way. */
  readonly recorded: ReadonlyMap<string, FunctionDefinition>;
  /** Takes what the recorded ones have called since the last time. */
  takeCalls(): Call[];
  stop(): Promise<void>;
}

const dayMs = 86_400_000;

/** Every function there can be beside a gateway that lets them alone: only who measures calls them. */
export async function startIdleFunctions(): Promise<IdleFunctions> {
  const receiver = createServer((request, response) => request.resume().on('end', () => response.end()));
  const forwardUrl = `http://127.0.0.1:${await listen(receiver)}`;
  const gateway = await startBenchGateway(
    { schedulePeriodMs: dayMs },
    {
      AUTO_REPLY: 'on',
      AUTO_REPLY_KEYWORDS: keywords,
      // One a round, and those before.
      AUTO_REPLY_PER_HOUR: '20',
      FORWARD_EVENTS_URL: forwardUrl,
    },
  );
  const quietMeta = await startMeta({ account, app, seed: 'bench', concurrency: 1, isEmpty: true });
  gateway.meta.customers.add({ id: customer, username: 'customer' });
  for (const id of Object.values(answeredBy)) {
    gateway.meta.customers.add({ id, username: `customer_${id}` });
    gateway.meta.customers.write(id, { text: 'Do you ship to Malmö?' });
  }
  unstored.mid = gateway.meta.customers.write(customer, { text: 'Do you ship to Malmö?' }).id;
  const { dynamodb, sqs, sns, secretsManager } = gateway.endpoints;
  const recorder = await recordCalls({
    dynamodb,
    sqs,
    sns,
    secretsManager,
    graph: gateway.meta.url,
    quietGraph: quietMeta.url,
    endpoint: forwardUrl,
  });
  const address = (service: string) => recorder.addressOf[service] ?? '';
  const [topicArn] = await Promise.all([nobodysTopic(sns), nobodysQueue(sqs)]);
  // What is queued or published is nobody's: the gateway's own functions stay idle.
  const nobodys = (sqsUrl: string) => {
    const url = queueUrl(sqsUrl, 'nobody');
    return {
      EVENTS_QUEUE_URL: url,
      SENDS_QUEUE_URL: url,
      RECONCILE_QUEUE_URL: url,
      EVENTS_TOPIC_ARN: topicArn,
    };
  };
  const plain = withQuietMeta(await functionDefinitions(gateway, nobodys(sqs)), quietMeta.url);
  const variables = {
    ...nobodys(address('sqs')),
    AWS_ENDPOINT_URL_DYNAMODB: address('dynamodb'),
    AWS_ENDPOINT_URL_SQS: address('sqs'),
    AWS_ENDPOINT_URL_SNS: address('sns'),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: address('secretsManager'),
    GRAPH_API_BASE_URL: address('graph'),
    FORWARD_EVENTS_URL: address('endpoint'),
  };
  const recorded = withQuietMeta(await functionDefinitions(gateway, variables), address('quietGraph'));
  await signEvents(secretsManager, plain.get('forward-events'));
  return {
    gateway,
    plain,
    recorded,
    takeCalls: () => recorder.take(),
    stop: async () => {
      await recorder.stop();
      await gateway.stop();
      await quietMeta.stop();
      await close(receiver);
    },
  };
}

/** Where nobody has written: a check reads one list there, and waits for no turn at Meta's limit, no part of a start. */
function withQuietMeta(
  definitions: ReadonlyMap<string, FunctionDefinition>,
  url: string,
): ReadonlyMap<string, FunctionDefinition> {
  return new Map(
    [...definitions].map(([name, definition]) => {
      if (name !== 'check-account') return [name, definition];
      return [name, { ...definition, variables: { ...definition.variables, GRAPH_API_BASE_URL: url } }];
    }),
  );
}

async function nobodysQueue(url: string): Promise<void> {
  const client = new SQSClient(localClient(url));
  await client.send(new CreateQueueCommand({ QueueName: 'nobody' }));
  client.destroy();
}

async function nobodysTopic(url: string): Promise<string> {
  const client = new SNSClient(localClient(url));
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'nobody' }));
  client.destroy();
  return TopicArn;
}

async function signEvents(url: string, forwarding: FunctionDefinition | undefined): Promise<void> {
  const client = new SecretsManagerClient(localClient(url));
  const secret = `whsec_${Buffer.alloc(32, 'secret of the bench').toString('base64')}`;
  await client.send(
    new PutSecretValueCommand({
      SecretId: forwarding?.variables.FORWARD_SECRET_ARN,
      SecretString: JSON.stringify({ secrets: [secret] }),
    }),
  );
  client.destroy();
}
