import { clearCaches } from '@aws-lambda-powertools/parameters';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test, vi } from 'vitest';
import { GraphError } from '../../../../shared/instagram/graph-errors.ts';

const secretsManager = mockClient(SecretsManagerClient);
const stored = (access_token: string) => ({
  SecretString: JSON.stringify({ access_token, ig_user_id: '1', login: 'facebook' }),
});
const refused = (code: number) => new GraphError(400, { message: 'no', code });

beforeEach(() => {
  vi.stubEnv('GRAPH_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:graph');
  clearCaches();
  vi.resetModules();
  secretsManager.reset();
});

/** A fresh copy each time: the minute between two fetches counts for the whole process. */
const fresh = async () => {
  const { withCurrentToken } = await import('../../../../shared/instagram/with-current-token.ts');
  const { GraphError: FreshGraphError } = await import('../../../../shared/instagram/graph-errors.ts');
  return {
    withCurrentToken,
    refuse: (code: number, message = 'no') => new FreshGraphError(400, { message, code }),
  };
};

test('a token that Meta refuses is tried again with the one stored since', async () => {
  secretsManager.on(GetSecretValueCommand).resolvesOnce(stored('old')).resolves(stored('new'));
  const { withCurrentToken, refuse } = await fresh();
  const used: string[] = [];
  const answer = await withCurrentToken(async ({ access_token }) => {
    used.push(access_token);
    if (access_token === 'old') throw refuse(190);
    return 'sent';
  });
  expect(answer).toBe('sent');
  expect(used).toEqual(['old', 'new']);
});

test('with the same token it is refused once, not asked again', async () => {
  secretsManager.on(GetSecretValueCommand).resolves(stored('old'));
  const { withCurrentToken, refuse } = await fresh();
  let calls = 0;
  const call = async () => {
    calls += 1;
    throw refuse(190);
  };
  await expect(withCurrentToken(call)).rejects.toMatchObject({ details: { code: 190 } });
  expect(calls).toBe(1);
});

test('any other refusal is passed on at once', async () => {
  secretsManager.on(GetSecretValueCommand).resolves(stored('old'));
  const { withCurrentToken } = await fresh();
  await expect(withCurrentToken(async () => Promise.reject(refused(10)))).rejects.toMatchObject({
    details: { code: 10 },
  });
  expect(secretsManager.commandCalls(GetSecretValueCommand)).toHaveLength(1);
});

test('a proof that Meta refuses is tried again with the one stored since, for the same token', async () => {
  const proven = (appsecret_proof: string) => ({
    SecretString: JSON.stringify({
      access_token: 'same',
      ig_user_id: '1',
      login: 'facebook',
      appsecret_proof,
    }),
  });
  secretsManager.on(GetSecretValueCommand).resolvesOnce(proven('old')).resolves(proven('new'));
  const { withCurrentToken, refuse } = await fresh();
  const used: (string | undefined)[] = [];
  const answer = await withCurrentToken(async ({ appsecret_proof }) => {
    used.push(appsecret_proof);
    if (appsecret_proof === 'old') throw refuse(100, 'Invalid appsecret_proof provided in the API argument');
    return 'sent';
  });
  expect({ answer, used }).toEqual({ answer: 'sent', used: ['old', 'new'] });
});
