import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import type { WebhookSecret } from '../../../shared/runtime/secrets.ts';
import { startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { accountId, customerId, delivery, messageItem } from '../../builders/webhook.ts';

const [before, after] = ['the-secret-of-before', 'the-secret-of-after'];
const parallel = 4;

let gateway: TestGateway;
let client: SecretsManagerClient;
let arn: string;

beforeEach(async () => {
  gateway = await startTestGateway({ settings: { APP_SECRET: before } });
  client = new SecretsManagerClient(localClient(gateway.endpoints.secretsManager));
  const { secrets } = JSON.parse(readFileSync(join(gateway.dataDir, 'gateway.json'), 'utf8')) as {
    secrets: Record<string, string>;
  };
  arn = Object.entries(secrets).find(([id]) => id.includes('WebhookSecret'))?.[1] ?? '';
});
afterEach(async () => {
  client.destroy();
  await gateway.stop();
});

async function change(part: Partial<WebhookSecret>): Promise<void> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const next = { ...(JSON.parse(SecretString) as WebhookSecret), ...part };
  await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(next) }));
}

const apps = (...secrets: string[]) => ({ apps: secrets.map((app_secret) => ({ app_secret })) });

test('an app secret is changed while deliveries come: none is refused, and none is lost', async () => {
  let signedBy = before;
  let isOver = false;
  const sent: string[] = [];
  const refused: string[] = [];
  // As Meta does: one after the other, on a few connections, so that several processes of the function are at work.
  const deliver = async () => {
    while (!isOver) {
      const mid = `m_${sent.length}`;
      sent.push(mid);
      const item = messageItem({ mid, text: mid }, { timestamp: Date.now() });
      const { status } = await gateway.deliver(delivery(item), signedBy);
      if (status !== 200) refused.push(`${mid}: ${status}`);
    }
  };
  const delivering = Array.from({ length: parallel }, deliver);
  const came = async (count: number) => {
    await expect.poll(() => sent.length, { timeout: 30_000 }).toBeGreaterThan(count);
  };
  await came(40);
  await change(apps(after, before));
  await came(80);
  signedBy = after;
  await came(160);
  await change(apps(after));
  await came(200);
  isOver = true;
  await Promise.all(delivering);
  expect(refused).toEqual([]);
  await expect.poll(async () => (await storedMids()).size, { timeout: 30_000 }).toBe(sent.length);
  expect(await storedMids()).toEqual(new Set(sent));
});

test('a verify token is changed: the new one is good at once', async () => {
  const handshake = async (token: string) => {
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': token,
      'hub.challenge': '1158201444',
    });
    return (await fetch(`${gateway.url}/api/webhook?${query.toString()}`)).status;
  };
  await change({ verify_token: 'the-token-of-after' });
  expect(await handshake('the-token-of-after')).toBe(200);
});

async function storedMids(): Promise<ReadonlySet<string>> {
  const mids = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor !== undefined && { cursor }) });
    const { body } = await gateway.api(
      `/api/conversations/${accountId}.${customerId}/messages?${query.toString()}`,
    );
    for (const { id } of (body.data ?? []) as { id: string }[]) mids.add(id);
    cursor = body.cursor;
  } while (cursor !== undefined);
  return mids;
}
