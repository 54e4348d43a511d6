import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resources, synthesise } from '../synthesise.ts';

describe('GatewaySecrets', () => {
  let secrets: [string, Resource][];
  beforeAll(async () => {
    secrets = resources(await synthesise(), 'AWS::SecretsManager::Secret');
  });

  it('keeps the logical ids of the two secrets', () => {
    expect(secrets.map(([id]) => id).toSorted()).toEqual([
      'SecretsGraphSecretC0DEBF79',
      'SecretsWebhookSecretB2513840',
    ]);
  });

  // A value in the template would overwrite the owner's at a deploy.
  it('says nothing of their values', () => {
    for (const [, { Properties }] of secrets) expect(Object.keys(Properties)).toEqual(['Description']);
  });

  it('retains them', () => {
    for (const [, secret] of secrets) {
      expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });
});
