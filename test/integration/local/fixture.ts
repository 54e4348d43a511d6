import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import type { SettingValues } from '../../../infra/local/configuration.ts';
import { localClient } from '../../../infra/local/local-client.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../../infra/local/start-gateway.ts';

export const fixtures = resolve(import.meta.dirname, '../../fixtures/local');
export const template = join(fixtures, 'template.json');

/** Connected to a Meta that nobody calls. */
export const settings = {
  PAGE_ACCESS_TOKEN: 'the-access-token',
  IG_USER_ID: '17841400000000009',
  WEBHOOK_VERIFY_TOKEN: 'the-verify-token',
  APP_SECRET: 'first-app-secret,second-app-secret',
  APP_ID: '1,2',
  GRAPH_API_BASE_URL: 'http://127.0.0.1:9',
  PORT: '0',
} satisfies SettingValues;

export interface Fixture extends Gateway {
  /** What the console shows. */
  readonly lines: readonly string[];
  readonly sqs: SQSClient;
  /** What the function `consume` stored: the tries by id. */
  consumed(): Promise<Record<string, number>>;
}

/** The fixture's stack, running, in a folder of its own unless one is given. The caller stops it. */
export async function startFixture(
  options: GatewayOptions = {},
  folder = mkdtempSync(join(tmpdir(), 'gateway-')),
): Promise<Fixture> {
  const lines: string[] = [];
  const gateway = await startGateway({
    template,
    log: (line) => lines.push(line),
    ...options,
    settings: { ...settings, DATA_DIR: folder, ...options.settings },
  });
  const sqs = new SQSClient(localClient(gateway.endpoints.sqs));
  return {
    ...gateway,
    lines,
    sqs,
    consumed: () => consumed(gateway),
    stop: async () => {
      sqs.destroy();
      await gateway.stop();
    },
  };
}

/** A new folder that is removed with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function consumed({ endpoints, tableName }: Gateway): Promise<Record<string, number>> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(endpoints.dynamodb)));
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'consumed' },
    }),
  );
  client.destroy();
  return Object.fromEntries(Items.map(({ sk, tries }) => [String(sk), Number(tries)]));
}
