import { clearCaches } from '@aws-lambda-powertools/parameters';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { type SecretsManager, startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { longLivedSeconds } from '../../../infra/meta-simulator/access-tokens.ts';
import { type Meta, startMeta } from '../../../infra/meta-simulator/start-meta.ts';
import { appsecretProof } from '../../../shared/instagram/appsecret-proof.ts';
import type { GraphSecret } from '../../../shared/runtime/secrets.ts';
import { accountId } from '../../builders/webhook.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:graph';
const webhookArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook';
const writer = '../../../shared/runtime/clients/secrets-manager.ts';
const caller = '../../../shared/instagram/graph-client.ts';
const dayMs = 24 * 60 * 60 * 1000;
const startMs = Date.UTC(2026, 0, 1);
const app = { secret: 'secret-of-the-app', verifyToken: 'verify-me' };
const customer = { id: '4242', username: 'ada' };

let meta: Meta;
let manager: SecretsManager;
let client: SecretsManagerClient;

async function start(login: 'facebook' | 'instagram', more: Partial<GraphSecret> = {}): Promise<string> {
  meta = await startMeta({ account: { id: accountId, username: 'shop', accessToken: 'first' }, app, login });
  const { tokens } = meta.world.state;
  const token = login === 'instagram' ? tokens.issueLongLived('instagram').value : 'first';
  meta.customers.add(customer);
  vi.stubEnv('GRAPH_API_BASE_URL', meta.url);
  manager.put(webhookArn, JSON.stringify({ apps: [{ app_secret: app.secret }], verify_token: 'v' }));
  store({ access_token: token, ig_user_id: accountId, login, ...more });
  return token;
}

const store = (secret: GraphSecret) => manager.put(arn, JSON.stringify(secret));

async function stored(VersionStage = 'AWSCURRENT'): Promise<GraphSecret> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage }));
  return JSON.parse(SecretString) as GraphSecret;
}

/** What the function does on this day, in a process of its own. */
async function refreshed() {
  vi.resetModules();
  const { refreshToken } = await import('../../../functions/refresh-token/refresh-token.ts');
  return refreshToken(Date.now());
}

const laterBy = (days: number) => vi.setSystemTime(Date.now() + days * dayMs);

/** A message to somebody who has just written. */
async function sends(): Promise<string> {
  meta.customers.write(customer.id, { text: 'Are you open?' });
  const { sendPart } = await import('../../../shared/sending/send-part.ts');
  const part = { kind: 'text', message: { text: 'Yes' } } as const;
  return (await sendPart({ customerId: customer.id as never }, part, 5_000)).name;
}

// One for all tests: who reads secrets is made once a process.
beforeAll(async () => {
  let file: string | undefined;
  manager = await startSecretsManager({
    read: () => file,
    write: (content) => {
      file = content;
    },
  });
  manager.ensure(arn);
  manager.ensure(webhookArn);
  client = new SecretsManagerClient(localClient(manager.url));
});
afterAll(async () => {
  client.destroy();
  await manager.stop();
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
  vi.stubEnv('GRAPH_SECRET_ARN', arn);
  vi.stubEnv('WEBHOOK_SECRET_ARN', webhookArn);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  clearCaches();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.doUnmock(writer);
  vi.doUnmock(caller);
  await meta.stop();
});

describe('with Instagram login', () => {
  test('a token is kept alive over a year, and no send fails', async () => {
    const first = await start('instagram');
    const outcomes: string[] = [];
    for (let day = 1; day <= 365; day += 1) {
      laterBy(1);
      outcomes.push((await refreshed()).outcome);
      expect(`day ${day}: ${await sends()}`).toBe(`day ${day}: sent`);
    }
    expect(outcomes.filter((outcome) => outcome === 'refreshed').length).toBeGreaterThan(50);
    expect(new Set(outcomes)).toEqual(new Set(['refreshed', 'young']));
    expect((await stored()).access_token).not.toBe(first);
  }, 60_000);

  test('without it the token ends', async () => {
    await start('instagram');
    laterBy(61);
    expect(await sends()).toBe('not_sent');
  });

  test('running functions take the next one, and the one before is kept', async () => {
    const first = await start('instagram');
    expect(await sends()).toBe('sent');
    laterBy(1);
    expect(await refreshed()).toEqual({ outcome: 'refreshed', days_left: 59 });
    const { access_token: second, ...rest } = await stored();
    expect(rest).toEqual({
      ig_user_id: accountId,
      login: 'instagram',
      refreshed_at: (startMs + dayMs) / 1000,
      token_expires_at: (startMs + dayMs) / 1000 + longLivedSeconds,
    });
    expect((await stored('AWSPREVIOUS')).access_token).toBe(first);
    expect(await sends()).toBe('sent');
    expect(second).not.toBe(first);
  });

  test('one that is younger than a day is refused, and tried again the next day', async () => {
    await start('instagram');
    expect(await refreshed()).toMatchObject({ outcome: 'refused' });
    laterBy(1);
    expect(await refreshed()).toMatchObject({ outcome: 'refreshed' });
    laterBy(6);
    expect(await refreshed()).toEqual({ outcome: 'young', days_left: 53 });
    laterBy(1);
    expect(await refreshed()).toMatchObject({ outcome: 'refreshed' });
  });

  test('days without an answer of Meta lose nothing', async () => {
    await start('instagram');
    laterBy(1);
    await refreshed();
    vi.stubEnv('GRAPH_API_BASE_URL', 'http://127.0.0.1:1');
    for (let day = 0; day < 20; day += 1) {
      laterBy(1);
      await refreshed();
    }
    expect(await refreshed()).toEqual({ outcome: 'no_answer', days_left: 39 });
    vi.stubEnv('GRAPH_API_BASE_URL', meta.url);
    laterBy(1);
    expect(await refreshed()).toMatchObject({ outcome: 'refreshed' });
    expect(await sends()).toBe('sent');
  });

  test('killed before the next one is written, the one before is good on', async () => {
    await start('instagram');
    laterBy(1);
    vi.doMock(writer, () => ({
      secretsManager: () => ({ send: () => Promise.reject(new Error('killed')) }),
    }));
    await expect(refreshed()).rejects.toThrow('killed');
    vi.doUnmock(writer);
    expect(await sends()).toBe('sent');
    laterBy(1);
    expect(await refreshed()).toMatchObject({ outcome: 'refreshed' });
  });

  test('what its owner stored meanwhile stays', async () => {
    await start('instagram');
    laterBy(1);
    const owners = meta.world.state.tokens.issueLongLived('instagram').value;
    vi.doMock(
      caller,
      async (original: () => Promise<typeof import('../../../shared/instagram/graph-client.ts')>) => {
        const { graph } = await original();
        const get: typeof graph.get = (...call) => {
          store({ access_token: owners, ig_user_id: accountId, login: 'instagram' });
          return graph.get(...call);
        };
        return { graph: { ...graph, get } };
      },
    );
    expect(await refreshed()).toEqual({ outcome: 'replaced_meanwhile' });
    expect((await stored()).access_token).toBe(owners);
  });

  // A schedule may run twice, and an operator may run the function beside it.
  test('two at once leave one that is good, and no send fails meanwhile', async () => {
    await start('instagram');
    laterBy(1);
    const [one, other] = await Promise.all([refreshed(), refreshed(), sends()]);
    expect([one.outcome, other.outcome]).toContain('refreshed');
    expect(['refreshed', 'replaced_meanwhile']).toEqual(expect.arrayContaining([one.outcome, other.outcome]));
    expect(await sends()).toBe('sent');
    laterBy(8);
    expect(await refreshed()).toMatchObject({ outcome: 'refreshed' });
    expect(await sends()).toBe('sent');
  });

  test('one that was revoked is refused, with what Meta says of it', async () => {
    await start('instagram');
    laterBy(1);
    meta.world.state.set({ tokenSubcode: 460 });
    expect(await refreshed()).toEqual({ outcome: 'refused', code: 190, subcode: 460 });
  });

  test('the proof of the app goes with the token', async () => {
    const token = await start('instagram');
    store({ ...(await stored()), appsecret_proof: appsecretProof(token, app.secret) });
    laterBy(1);
    expect(await refreshed()).toMatchObject({ outcome: 'refreshed' });
    const { access_token, appsecret_proof } = await stored();
    expect(appsecret_proof).toBe(appsecretProof(access_token, app.secret));
  });
});

test('with Facebook login nothing is asked: a Page token has no end', async () => {
  await start('facebook');
  laterBy(100);
  expect(await refreshed()).toEqual({ outcome: 'has_no_end' });
  expect(meta.calls).toEqual([]);
});
