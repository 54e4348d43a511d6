import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { startServer, type TestServer } from '../../builders/http-server.ts';
import { eventRecord } from '../../builders/queue-record.ts';
import { customerId, delivery, messageItem } from '../../builders/webhook.ts';

// The commands with --stage, against a gateway on this machine that CloudFormation's own API shows as a deployed stack.

const root = resolve(import.meta.dirname, '../../..');
let gateway: TestGateway;
let cloudFormation: TestServer;
let sqs: SQSClient;

interface Running {
  readonly secrets: Record<string, string>;
  readonly queues: Record<string, string>;
}

beforeAll(async () => {
  gateway = await startTestGateway();
  sqs = new SQSClient(localClient(gateway.endpoints.sqs));
  const running = JSON.parse(readFileSync(join(gateway.dataDir, 'gateway.json'), 'utf8')) as Running;
  const secretOf = (name: string) =>
    Object.entries(running.secrets).find(([id]) => id.includes(name))?.[1] ?? '';
  const outputs = {
    CallbackUrl: `${gateway.url}/api/webhook`,
    TableName: gateway.tableName,
    EventsQueueUrl: gateway.queueUrl('EventsQueue'),
    DeadLetterQueueUrl: gateway.queueUrl('EventsDeadLetterQueue'),
    WebhookSecretArn: secretOf('WebhookSecret'),
    GraphSecretArn: secretOf('GraphSecret'),
    AlarmsTo: 'nobody',
  };
  const resources = [
    ...Object.entries(running.queues).map(([id, url]) => ['AWS::SQS::Queue', id, url] as const),
    ['AWS::S3::Bucket', 'UploadsBucket0A1B2C3D', 'uploads-of-the-stage'] as const,
  ];
  // A page after the other, as AWS gives them out.
  const half = Math.ceil(resources.length / 2);
  cloudFormation = await startServer(({ body }, response) => {
    const asked = new URLSearchParams(body);
    response.writeHead(200, { 'content-type': 'text/xml' });
    if (asked.get('Action') === 'DescribeStacks') response.end(described(outputs));
    else if (asked.has('NextToken')) response.end(listed(resources.slice(half)));
    else response.end(listed(resources.slice(0, half), 'next'));
  });
});
afterAll(async () => {
  sqs.destroy();
  await cloudFormation.stop();
  await gateway.stop();
});

async function run(script: string, ...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--import', './infra/on-node-24.mjs', `infra/operate/${script}.ts`, ...args, '--stage', 'test'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: gateway.endpoints.secretsManager,
        AWS_ENDPOINT_URL_DYNAMODB: gateway.endpoints.dynamodb,
        AWS_ENDPOINT_URL_SQS: gateway.endpoints.sqs,
        AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1',
      },
    },
  );
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { stdout, stderr, code };
}

function described(outputs: Record<string, string>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>x</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function listed(resources: readonly (readonly [string, string, string])[], next?: string): string {
  const members = resources.map(
    ([type, id, physical]) =>
      `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
  );
  const token = next === undefined ? '' : `<NextToken>${next}</NextToken>`;
  return `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${members.join('')}</StackResourceSummaries>${token}</ListStackResourcesResult></ListStackResourcesResponse>`;
}

const conversations = async () => (await gateway.api('/api/conversations')).body.data as unknown as unknown[];

test('redrive, export and forget work on a deployed stage', async () => {
  const letter = eventRecord(messageItem({ mid: 'd1', text: 'dead' })).body;
  await sqs.send(
    new SendMessageCommand({ QueueUrl: gateway.queueUrl('EventsDeadLetterQueue'), MessageBody: letter }),
  );
  const shown = await run('redrive');
  expect(shown).toMatchObject({ code: 3, stderr: '' });
  expect(shown.stdout).toContain('Dead letters of the stack InstagramMessageGateway-test:');
  expect(shown.stdout).toMatch(
    /EventsDeadLetterQueue: 1\n.*LookupsDeadLetterQueue: none\n.*SendsDeadLetterQueue: none/su,
  );
  expect((await run('redrive', '--yes')).stdout).toContain(
    'EventsDeadLetterQueue: 1 put back into EventsQueue',
  );
  await expect.poll(conversations).toHaveLength(1);
  await gateway.deliver(delivery(messageItem({ mid: 'm2', text: 'hello' })));

  const exported = await run('export', '--customer', customerId);
  expect(exported.code).toBe(0);
  expect(exported.stdout).toContain('"dead"');
  const erased = await run('forget', '--customer', customerId, '--yes', '--wait', '0');
  expect(erased).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('in the stack InstagramMessageGateway-test'),
  });
  expect(await conversations()).toEqual([]);
  expect((await run('export', '--customer', customerId)).code).toBe(3);
  expect((await run('keys', 'audit')).stdout).toMatch(/dead_letters_put_back.*customer_forgotten/su);
});
