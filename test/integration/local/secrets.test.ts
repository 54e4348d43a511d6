import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { secretArn } from '../../../infra/local/identities.ts';
import { localClient } from '../../../infra/local/local-client.ts';
import { newFolder, startFixture } from './fixture.ts';

async function start(folder = newFolder()) {
  const gateway = await startFixture({}, folder);
  const client = new SecretsManagerClient(localClient(gateway.endpoints.secretsManager));
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    client.destroy();
    await gateway.stop();
  };
  onTestFinished(stop);
  const value = async (SecretId: string, VersionStage?: string) => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    return SecretString;
  };
  return { folder, client, value, stop };
}

test('the configuration is written into the two secrets', async () => {
  const { folder, value } = await start();
  expect(JSON.parse(await value(secretArn('WebhookSecret')))).toEqual({
    apps: [
      { app_id: '1', app_secret: 'first-app-secret' },
      { app_id: '2', app_secret: 'second-app-secret' },
    ],
    verify_token: 'the-verify-token',
  });
  expect(JSON.parse(await value('GraphSecret'))).toEqual({
    access_token: 'the-access-token',
    ig_user_id: '17841400000000009',
    login: 'facebook',
  });
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('a secret without a value is not found, as on AWS', async () => {
  const { value } = await start();
  await expect(value(secretArn('EmptySecret'))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(value('unknown')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a new value replaces the old one, which stays as the previous, and both outlive a restart', async () => {
  const { folder, client, stop } = await start();
  const SecretId = secretArn('EmptySecret');
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'one' }));
  const { VersionId = '' } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  const described = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(described.VersionIdsToStages?.[VersionId]).toEqual(['AWSCURRENT']);
  await stop();

  const { value } = await start(folder);
  expect(await value(SecretId)).toBe('two');
  expect(await value(SecretId, 'AWSPREVIOUS')).toBe('one');
});
