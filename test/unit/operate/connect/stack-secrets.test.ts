import { expect, onTestFinished, test, vi } from 'vitest';
import { startSecretsManager } from '../../../../infra/local/secrets-manager.ts';
import { CommandFailed } from '../../../../infra/operate/command.ts';
import type { Connection } from '../../../../infra/operate/connect/connection.ts';
import { stackSecrets } from '../../../../infra/operate/connect/save-on-aws.ts';
import type { DeployedStack } from '../../../../infra/operate/stack-outputs.ts';

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-local0`;
const arns = { WebhookSecretArn: arn('Webhook'), GraphSecretArn: arn('Graph') };
const stack: DeployedStack = {
  name: 'Gateway',
  where: { region: 'us-east-1' },
  output: (name) => (name === 'GraphSecretArn' ? arns.GraphSecretArn : arns.WebhookSecretArn),
};

const connection: Connection = {
  login: 'instagram',
  apps: [{ id: '11111', secret: 'first' }],
  accessToken: 'token',
  appsecretProof: 'off',
  igUserId: '17841',
  mistakenId: '2',
  verifyToken: 'verify',
};

async function start() {
  let content: string | undefined;
  let writes = 0;
  const manager = await startSecretsManager({
    read: () => content,
    write: (text) => {
      content = text;
      writes += 1;
    },
  });
  onTestFinished(() => manager.stop());
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { manager, writes: () => writes };
}

async function deployed() {
  const started = await start();
  started.manager.ensure(arns.WebhookSecretArn);
  started.manager.ensure(arns.GraphSecretArn);
  return started;
}

test('secrets without a value, as the template makes them, are filled', async () => {
  await deployed();
  const secrets = await stackSecrets(stack);
  expect(secrets.settings).toEqual({});
  expect(await secrets.save(connection)).toBe(true);
  expect((await stackSecrets(stack)).settings).toEqual({
    APP_ID: '11111',
    APP_SECRET: 'first',
    WEBHOOK_VERIFY_TOKEN: 'verify',
    PAGE_ACCESS_TOKEN: 'token',
    IG_USER_ID: '17841',
    INSTAGRAM_LOGIN: 'instagram',
  });
});

test('the same values are not written again', async () => {
  const { writes } = await deployed();
  await (await stackSecrets(stack)).save(connection);
  const before = writes();
  expect(await (await stackSecrets(stack)).save(connection)).toBe(false);
  expect(writes()).toBe(before);
});

test('a new app secret goes before the older ones, which stay accepted', async () => {
  const { manager } = await deployed();
  await (await stackSecrets(stack)).save(connection);
  const rotated = { ...connection, apps: [{ id: '11111', secret: 'second' }] as const };
  expect(await (await stackSecrets(stack)).save(rotated)).toBe(true);
  expect(await (await stackSecrets(stack)).save(rotated)).toBe(false);
  const response = await fetch(manager.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: arns.WebhookSecretArn }),
  });
  const { SecretString } = (await response.json()) as { SecretString: string };
  expect(JSON.parse(SecretString).apps).toEqual([
    { app_id: '11111', app_secret: 'second' },
    { app_id: '11111', app_secret: 'first' },
  ]);
});

test('a value that is damaged counts as none', async () => {
  const { manager } = await deployed();
  manager.put(arns.WebhookSecretArn, '{"apps":');
  manager.put(arns.GraphSecretArn, '{}');
  const secrets = await stackSecrets(stack);
  expect(secrets.settings).toEqual({});
  expect(await secrets.save(connection)).toBe(true);
});

test("AWS's refusal is told with its name", async () => {
  await start();
  const secrets = await stackSecrets(stack);
  await expect(secrets.save(connection)).rejects.toThrow(CommandFailed);
  await expect(secrets.save(connection)).rejects.toThrow(
    /Gateway cannot be written: .*ResourceNotFoundException/,
  );
});
