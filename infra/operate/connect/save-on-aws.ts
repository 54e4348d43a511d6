import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SettingName } from '../../../shared/runtime/environment.ts';
import { connectionSecrets } from '../../local/connection.ts';
import { CommandFailed } from '../command.ts';
import { parseConnection } from '../doctor/parse-connection.ts';
import type { DeployedStack, StackOutput } from '../stack-outputs.ts';
import type { Connection } from './connection.ts';

/** The two secrets of a deployed gateway. Every call throws CommandFailed when AWS refuses. */
export interface StackSecrets {
  /** What is stored, as settings. Of the apps only the first, since the others are kept anyway. */
  readonly settings: Partial<Record<SettingName, string>>;
  /** Writes what differs, other apps of the webhook's secret behind the new ones. Whether anything did. */
  save(connection: Connection): Promise<boolean>;
}

export async function stackSecrets(stack: DeployedStack): Promise<StackSecrets> {
  const client = new SecretsManagerClient({ ...stack.where, maxAttempts: 2 });

  async function read(output: StackOutput): Promise<string | undefined> {
    try {
      const found = await client.send(new GetSecretValueCommand({ SecretId: stack.output(output) }));
      return found.SecretString;
    } catch (error) {
      // Deployed and not connected yet: the template makes secrets without a value.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw awsFailure('read', stack, error);
    }
  }

  async function write(output: StackOutput, value: string): Promise<void> {
    try {
      const SecretId = stack.output(output);
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
    } catch (error) {
      throw awsFailure('written', stack, error);
    }
  }

  const held = { webhook: await read('WebhookSecretArn'), graph: await read('GraphSecretArn') };
  // A value that cannot be read counts as none: whatever is in it, the gateway cannot use it either.
  const { webhook, graph } = parseConnection(held.webhook, held.graph);
  const [app] = webhook?.apps ?? [];
  return {
    settings: {
      ...(app?.app_id !== undefined && { APP_ID: app.app_id, APP_SECRET: app.app_secret }),
      ...(webhook && { WEBHOOK_VERIFY_TOKEN: webhook.verify_token }),
      ...(graph && {
        PAGE_ACCESS_TOKEN: graph.access_token,
        IG_USER_ID: graph.ig_user_id,
        INSTAGRAM_LOGIN: graph.login,
      }),
    },
    async save(connection) {
      const { apps } = connection;
      const others = (webhook?.apps ?? [])
        .filter(({ app_secret }) => !apps.some(({ secret }) => secret === app_secret))
        .map(({ app_id, app_secret }) => ({
          ...(app_id !== undefined && { id: app_id }),
          secret: app_secret,
        }));
      const values = connectionSecrets(
        { ...connection, apps: [...apps, ...others] },
        connection,
        graph?.access_token === connection.accessToken ? graph : undefined,
      );
      const changed = [
        ...(values.webhook === held.webhook ? [] : [['WebhookSecretArn', values.webhook] as const]),
        ...(values.graph === held.graph ? [] : [['GraphSecretArn', values.graph] as const]),
      ];
      for (const [output, value] of changed) await write(output, value);
      return changed.length > 0;
    },
  };
}

function awsFailure(done: string, { name }: DeployedStack, error: unknown): CommandFailed {
  const why = error instanceof Error ? `${error.message} (${error.name})` : String(error);
  return new CommandFailed(`The secrets of the stack ${name} cannot be ${done}: ${why}`);
}
