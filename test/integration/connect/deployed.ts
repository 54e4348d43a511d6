import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { onTestFinished } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../../infra/local/start-gateway.ts';
import { logFile } from '../../builders/gateway.ts';
import { startServer } from '../../builders/http-server.ts';
import { accountId, type Shop, verifyToken } from './fixture.ts';

export interface Deployed {
  readonly gateway: Gateway;
  /** What leads the AWS SDK to it. */
  readonly env: Record<string, string>;
  readonly secret: (name: 'Webhook' | 'Graph') => Promise<unknown>;
  readonly setSecret: (name: 'Webhook' | 'Graph', value: unknown) => Promise<void>;
}

/** A gateway that AWS's own APIs show as a deployed stack; without settings, with an older app and token. */
export async function deploy(
  shop: Shop,
  { settings, ...options }: Pick<GatewayOptions, 'settings' | 'schedulePeriodMs'> = {},
): Promise<Deployed> {
  const gateway = await startGateway({
    ...options,
    settings: {
      PAGE_ACCESS_TOKEN: 'EAAP-older-token',
      IG_USER_ID: accountId,
      APP_ID: '999000000000009',
      APP_SECRET: 'OLDER-app-secret',
      WEBHOOK_VERIFY_TOKEN: verifyToken,
      GRAPH_API_BASE_URL: shop.meta.url,
      PORT: '0',
      DATA_DIR: join(shop.folder, 'deployed'),
      ...settings,
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
    setSecret: async (name, value) => {
      const stored = { SecretId: arn(name), SecretString: JSON.stringify(value) };
      await client.send(new PutSecretValueCommand(stored));
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
