import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SettingValues } from '../../infra/local/configuration.ts';
import { localClient } from '../../infra/local/local-client.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../infra/local/start-gateway.ts';
import { type Meta, startMeta } from '../../infra/meta-simulator/start-meta.ts';

export const account = { id: '17841400000000001', username: 'shop', accessToken: 'TOKEN_OF_THE_BENCH' };
export const app = { secret: 'secret_of_the_bench', verifyToken: 'token_of_the_bench' };

export interface BenchGateway extends Gateway {
  readonly meta: Meta;
  readonly table: DynamoDBDocumentClient;
}

/** The gateway on this machine, with the simulated Meta, which sends it no webhooks by itself. */
export async function startBenchGateway(
  options: Omit<GatewayOptions, 'settings'> = {},
  settings: SettingValues = {},
): Promise<BenchGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
  const meta = await startMeta({ account, app, seed: 'bench', concurrency: 16 });
  const gateway = await startGateway({
    ...options,
    settings: {
      PAGE_ACCESS_TOKEN: account.accessToken,
      IG_USER_ID: account.id,
      WEBHOOK_VERIFY_TOKEN: app.verifyToken,
      APP_SECRET: app.secret,
      GRAPH_API_BASE_URL: meta.url,
      PORT: '0',
      DATA_DIR: dataDir,
      ...settings,
    },
  });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  return {
    ...gateway,
    meta,
    table,
    async stop() {
      await gateway.stop();
      await meta.stop();
      table.destroy();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
