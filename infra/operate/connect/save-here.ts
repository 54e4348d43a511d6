import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SettingName } from '../../../shared/runtime/environment.ts';
import { connectionSecrets } from '../../local/connection.ts';
import { localClient } from '../../local/local-client.ts';
import { findRunningGateway, type RunningGateway } from '../running-gateway.ts';
import type { Connection } from './connection.ts';
import { setInEnvFile } from './env-file.ts';

export const envFile = '.env.local';

/**
 * How the gateway on this machine takes what was written: `current` it has it, `changed` it has it now,
 * `restart` only a new start reads it, `stopped` none runs.
 */
export type GatewayHere = 'current' | 'changed' | 'restart' | 'stopped';

/** The settings that say the same as a connection. */
export function settingsOf(
  connection: Connection,
  stored: Partial<Record<SettingName, string>>,
): Partial<Record<SettingName, string>> {
  return {
    INSTAGRAM_LOGIN: connection.login,
    APP_ID: connection.apps.map(({ id }) => id).join(','),
    APP_SECRET: connection.apps.map(({ secret }) => secret).join(','),
    PAGE_ACCESS_TOKEN: connection.accessToken,
    IG_USER_ID: connection.igUserId,
    WEBHOOK_VERIFY_TOKEN: connection.verifyToken,
    // Most apps want none; a value that is there must not stay wrong.
    ...((connection.appsecretProof === 'on' || stored.APPSECRET_PROOF) && {
      APPSECRET_PROOF: connection.appsecretProof,
    }),
  };
}

/**
 * Writes settings to `.env.local`.
 * @returns the names that changed, and those whose value in the environment wins over the file's.
 */
export function saveSettings(values: Partial<Record<SettingName, string>>): {
  readonly changed: readonly string[];
  readonly overridden: readonly string[];
} {
  const changed = setInEnvFile(envFile, values as Record<string, string>);
  const overridden = Object.entries(values).filter(([name, value]) => {
    const inEnvironment = process.env[name];
    return inEnvironment && inEnvironment !== value;
  });
  return { changed, overridden: overridden.map(([name]) => name) };
}

/** Gives the running gateway its secrets, so that it need not be started again. */
export async function saveInRunningGateway(connection: Connection): Promise<GatewayHere> {
  const running = findRunningGateway();
  if (!running || !(await answers(running))) return 'stopped';
  const { endpoints, secrets = {}, simulatorUrl, graphUrl } = running;
  const isSameMeta = simulatorUrl === undefined && graphUrl === (process.env.GRAPH_API_BASE_URL || undefined);
  if (!isSameMeta || endpoints.secretsManager === undefined) return 'restart';
  const client = new SecretsManagerClient({ ...localClient(endpoints.secretsManager), maxAttempts: 1 });
  const values = connectionSecrets(connection, connection);
  const wanted = [
    ['WebhookSecret', values.webhook],
    ['GraphSecret', values.graph],
  ] as const;
  let state: GatewayHere = 'current';
  try {
    for (const [logicalName, value] of wanted) {
      const arn = Object.entries(secrets).find(([logicalId]) => logicalId.includes(logicalName))?.[1];
      if (arn === undefined) return 'restart';
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
      if (SecretString === value) continue;
      await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: value }));
      state = 'changed';
    }
  } finally {
    client.destroy();
  }
  return state;
}

/** `gateway.json` outlives a gateway that was killed. */
async function answers({ url }: RunningGateway): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}
