import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { canaries } from '../../builders/canaries.ts';
import { codeBlocks, projectWith, stackLines } from '../../builders/documented-code.ts';
import { startTestGateway, type TestGateway } from '../../builders/gateway.ts';

const run = promisify(execFile);
const blocks = codeBlocks('docs/extend.md');
const ofStack = blocks.filter(({ file }) => file === 'infra/gateway-stack.ts');
const names = blocks.flatMap(({ file }) => /^functions\/(.+)\/handler\.ts$/.exec(file)?.[1] ?? []);
const waiting = { timeout: 30_000, interval: 100 };
const assistantAddress = 'https://assistant.example/replies';

let project: ReturnType<typeof projectWith>;
beforeAll(() => {
  project = projectWith(blocks);
});
afterAll(() => project.remove());

test('docs/extend.md shows how to store elsewhere, answer, notify, ask, and receive what is forwarded', () => {
  expect(names).toEqual(['keep-copies', 'answer-orders', 'notify-team', 'ask-assistant']);
  expect(blocks.map(({ file }) => file)).toContain('receive-events.ts');
});

test('each of them in under ten lines of the stack', () => {
  expect(ofStack).toHaveLength(names.length);
  for (const block of ofStack) expect(stackLines(block).length).toBeLessThan(10);
});

test('all of it compiles, by the project’s own settings', async () => {
  const settings = join(project.path, 'tsconfig.documented.json');
  writeFileSync(
    settings,
    JSON.stringify({
      extends: './tsconfig.json',
      compilerOptions: { noEmit: true },
      include: ['infra', 'functions', 'shared', 'receive-events.ts'],
      exclude: ['infra/meta-simulator/page', 'functions/inbox/page', 'node_modules'],
    }),
  );
  const { stdout } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', settings], {
    cwd: project.path,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
}, 120_000);

/** Synthesises the copy, as a deploy does or as this machine does. */
async function synthesise(environment: Record<string, string>): Promise<string> {
  const output = join(project.path, 'out');
  await run(process.execPath, ['infra/app.ts'], {
    cwd: project.path,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CDK_OUTDIR: output, ...environment },
  });
  const [name = ''] = globSync('*.template.json', { cwd: output });
  return join(output, name);
}

test('the stack that it makes is fit to be deployed: each has dead letters and an alarm', async () => {
  const template = readFileSync(await synthesise({}), 'utf8');
  const { Resources } = JSON.parse(template) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const alarms = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => String(Properties.AlarmName));
  for (const name of names) {
    expect(alarms.filter((alarm) => alarm.endsWith(`-dead-letters-of-${name}`))).toHaveLength(1);
  }
}, 120_000);

/** The AI service of the document. It knows nothing of orders. */
async function startAssistant() {
  const asked: { readonly key: string | undefined; readonly question: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { question } = JSON.parse(body) as { question: string };
      asked.push({ key: request.headers.authorization, question });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(question.includes('order') ? {} : { reply: `${canaries.text} 42.` }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/replies`, asked };
}

/** The endpoint of the document, as a process. */
async function startReceiver(port: number, secret: string) {
  const child = spawn(process.execPath, ['receive-events.ts'], {
    cwd: project.path,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, FORWARD_SECRET: secret, PORT: String(port) },
  });
  onTestFinished(async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  });
  const lines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')));
  return lines;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('run on this machine, it does what the document says', () => {
  test('all of it, beside each other', async () => {
    const assistant = await startAssistant();
    const port = await freePort();
    const file = await synthesise({
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({
        'aws:cdk:disable-asset-staging': true,
        'aws:cdk:enable-asset-metadata': true,
      }),
      FORWARD_EVENTS_URL: `http://127.0.0.1:${port}/`,
    });
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(assistantAddress, assistant.url));
    const gateway = await startTestGateway({ template: file });
    onTestFinished(() => gateway.stop());
    const { endpoints, meta } = gateway;

    const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
    const { secrets } = JSON.parse(readFileSync(join(gateway.dataDir, 'gateway.json'), 'utf8')) as {
      secrets: Record<string, string>;
    };
    const secretsManager = new SecretsManagerClient(localClient(endpoints.secretsManager));
    for (const [part, SecretString] of [
      ['AssistantKey', 'the-key'],
      ['ForwardSecret', JSON.stringify({ secrets: [secret] })],
    ] as const) {
      const SecretId = Object.entries(secrets).find(([id]) => id.includes(part))?.[1];
      await secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString }));
    }
    secretsManager.destroy();
    const receiver = await startReceiver(port, secret);
    const mails = await listenToTeam(gateway);

    const sentTo = (customer: string) =>
      (meta.world.conversations.withCustomer(customer)?.messages ?? [])
        .filter(({ fromBusiness }) => fromBusiness)
        .map((message) => message.text);
    const [orders, other] = ['666001', '666002'] as const;
    for (const id of [orders, other]) meta.customers.add({ id, username: `customer${id}` });
    meta.customers.write(orders, { text: `Where is order 123456? ${canaries.text}` });
    const asked = meta.customers.write(other, { text: `What is six times seven? ${canaries.text}` });

    await expect
      .poll(() => sentTo(orders), waiting)
      .toEqual(['Automatic reply: order 123456 is on its way.']);
    await expect.poll(() => sentTo(other), waiting).toEqual([`Automatic reply: ${canaries.text} 42.`]);
    expect(assistant.asked.map(({ key }) => key)).toContain('Bearer the-key');
    await expect.poll(mails, waiting).toBe(2);
    // Two were received, two echoed.
    await expect.poll(() => receiver.length, waiting).toBeGreaterThanOrEqual(4);
    expect(receiver.filter((line) => line.startsWith('message.received'))).toHaveLength(2);

    await expect.poll(() => copies(gateway), waiting).toContain(asked.id);
    meta.customers.unsend(asked.id);
    await expect.poll(() => copies(gateway), waiting).not.toContain(asked.id);
    for (const name of names) expect(await deadLetters(gateway, name)).toBe(0);
  }, 120_000);
});

/** How many mails the team would have got. */
async function listenToTeam({ endpoints }: TestGateway): Promise<() => Promise<number>> {
  const [sns, sqs] = [new SNSClient(localClient(endpoints.sns)), new SQSClient(localClient(endpoints.sqs))];
  onTestFinished(() => {
    sns.destroy();
    sqs.destroy();
  });
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const TopicArn = Topics.map((topic) => topic.TopicArn ?? '').find((arn) => /:Team/.test(arn));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'mails' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
  let mails = 0;
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    for (const { Body = '' } of Messages) {
      expect(Body).toContain('A customer wrote on Instagram');
      expect(Body).not.toContain(canaries.text);
    }
    mails += Messages.length;
    return mails;
  };
}

/** The ids in the table of copies. */
async function copies({ endpoints }: TestGateway): Promise<string[]> {
  const client = new DynamoDBClient(localClient(endpoints.dynamodb));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.startsWith('Copies'));
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  client.destroy();
  return Items.map(({ id }) => id?.S ?? '');
}

async function deadLetters(gateway: TestGateway, name: string): Promise<number> {
  const id = name.replaceAll(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  const client = new SQSClient(localClient(gateway.endpoints.sqs));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: gateway.queueUrl(`${id}DeadLetterQueue`),
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  client.destroy();
  return Number(Attributes?.ApproximateNumberOfMessages);
}
