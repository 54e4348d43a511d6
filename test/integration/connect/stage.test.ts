import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { type Gateway, startGateway } from '../../../infra/local/start-gateway.ts';
import { logFile } from '../../builders/gateway.ts';
import { startServer } from '../../builders/http-server.ts';
import { accountId, facebookFlags, metaApp, openShop, type Shop, verifyToken } from './fixture.ts';

interface Deployed {
  readonly gateway: Gateway;
  /** What leads the AWS SDK to it. */
  readonly env: Record<string, string>;
  readonly secret: (name: 'Webhook' | 'Graph') => Promise<unknown>;
}

/** A gateway with an older app and token, which AWS's own APIs show as a deployed stack. */
async function deploy(shop: Shop): Promise<Deployed> {
  const gateway = await startGateway({
    settings: {
      PAGE_ACCESS_TOKEN: 'EAAP-older-token',
      IG_USER_ID: accountId,
      APP_ID: '999000000000009',
      APP_SECRET: 'OLDER-app-secret',
      WEBHOOK_VERIFY_TOKEN: verifyToken,
      GRAPH_API_BASE_URL: shop.meta.url,
      PORT: '0',
      DATA_DIR: join(shop.folder, 'deployed'),
    },
    log: logFile(),
  });
  onTestFinished(() => gateway.stop());
  const { secrets } = JSON.parse(readFileSync(join(gateway.dataDir, 'gateway.json'), 'utf8')) as {
    secrets: Record<string, string>;
  };
  const arn = (name: string) =>
    Object.entries(secrets).find(([id]) => id.includes(`${name}Secret`))?.[1] ?? '';
  const outputs = {
    CallbackUrl: `${gateway.url}/api/webhook`,
    TableName: gateway.tableName,
    WebhookSecretArn: arn('Webhook'),
    GraphSecretArn: arn('Graph'),
  };
  const cloudFormation = await startServer(({ body }, response) => {
    if (new URLSearchParams(body).get('StackName') === 'InstagramMessageGateway-test') {
      response.writeHead(200, { 'content-type': 'text/xml' }).end(described(outputs));
    } else {
      response.writeHead(400, { 'content-type': 'text/xml' }).end(unknownStack);
    }
  });
  onTestFinished(() => cloudFormation.stop());
  const client = new SecretsManagerClient(localClient(gateway.endpoints.secretsManager));
  onTestFinished(() => client.destroy());
  return {
    gateway,
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: gateway.endpoints.secretsManager,
      AWS_ENDPOINT_URL_DYNAMODB: gateway.endpoints.dynamodb,
    },
    secret: async (name) => {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn(name) }));
      return JSON.parse(SecretString);
    },
  };
}

function described(outputs: Record<string, string>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>x</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

const unknownStack =
  '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>';

test('a deployed gateway gets the secrets, keeps its older app and verify token, and announces a message', async () => {
  const shop = await openShop();
  const { gateway, env, secret } = await deploy(shop);
  const token = shop.meta.world.state.tokens.issueShortLived('user').value;
  const running = shop.start([...facebookFlags(token), '--stage', 'test', '--wait', '60'], env);
  await expect.poll(running.output).toMatch(/Waiting for Meta's handshake/);
  expect(running.output()).toContain(
    `Callback URL   ${gateway.url}/api/webhook\n  Verify token   ${verifyToken}\n`,
  );
  expect(await secret('Webhook')).toEqual({
    apps: [
      { app_id: metaApp.id, app_secret: metaApp.secret },
      { app_id: '999000000000009', app_secret: 'OLDER-app-secret' },
    ],
    verify_token: verifyToken,
  });
  expect(await secret('Graph')).toEqual({
    access_token: shop.meta.world.account.accessToken,
    ig_user_id: accountId,
    login: 'facebook',
  });
  expect(shop.settings()).toBeUndefined();

  await shop.meta.verifyAndSave(`${gateway.url}/api/webhook`);
  await expect.poll(running.output).toMatch(/Waiting for it/);
  shop.meta.customers.write('123456789', { text: 'Hej' });
  const { code, stdout } = await running.ended;
  expect(stdout).toMatch(/The first message arrived. It is from @ada/);
  expect(code).toBe(0);

  const again = await shop.connect(['--stage', 'test'], env);
  expect(again.stdout).toMatch(/✓ Nothing has changed/);
  expect(again.code).toBe(0);
  expect(shop.settings()).toBeUndefined();
});

test('a stack that is not there', async () => {
  const shop = await openShop();
  const { env } = await deploy(shop);
  const { code, stderr } = await shop.connect(['--stage', 'other'], env);
  expect(code).toBe(1);
  expect(stderr).toMatch(/The stack InstagramMessageGateway-other cannot be read: .*npm run deploy/s);
});

test("this machine's stand-in for Meta does not judge a deployed gateway", async () => {
  const shop = await openShop();
  const { env } = await deploy(shop);
  shop.write('.env.local', 'GRAPH_API_BASE_URL=http://127.0.0.1:1\n');
  const { stderr } = await shop.connect(['--stage', 'test'], env);
  // It asked at the address of the environment, where the older app is not known.
  expect(stderr).toContain('app 999000000000009');
});
