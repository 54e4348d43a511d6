import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { type HealthStore, healthStore } from '../../../shared/account/health-store.ts';
import type { StatusView } from '../../../shared/account/status-shape.ts';
import { canaries } from '../../builders/canaries.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { delivery, messageItem } from '../../builders/webhook.ts';

let gateway: TestGateway;
let health: HealthStore;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  gateway = await startTestGateway();
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  health = healthStore(client, gateway.tableName);
});
afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

const observations = () => health.observations();
const status = async () => {
  const answer = await gateway.api('/api/status');
  expect(answer.status).toBe(200);
  return answer.body.data as unknown as StatusView;
};
const message = (mid: string) =>
  delivery(messageItem({ mid, text: canaries.text }, { timestamp: Date.now() }));
const shake = (token: string, challenge: string) =>
  fetch(
    `${gateway.url}/api/webhook?${new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': token,
      'hub.challenge': challenge,
    }).toString()}`,
  );

test('before the first check the status says so', async () => {
  expect(await status()).toEqual({
    account: {},
    findings: [],
    unchecked: [{ check: 'everything', why: expect.stringContaining('npm run doctor') }],
  });
});

describe("the account's health shows", () => {
  test('a forged delivery, but not an unsigned one', async () => {
    const unsigned = await fetch(`${gateway.url}/api/webhook`, { method: 'POST', body: '{}' });
    expect(unsigned.status).toBe(401);
    expect((await gateway.deliver(message('m1'), 'a-forged-secret')).status).toBe(401);
    await expect.poll(observations).toEqual({ signatureFailureAtMs: expect.any(Number) });
  });

  test('a wrong verify token', async () => {
    expect((await shake('guess', '1')).status).toBe(403);
    await expect.poll(observations).toHaveProperty('wrongVerifyTokenAtMs', expect.any(Number));
  });

  test('a delivery of the object page', async () => {
    expect((await gateway.deliver({ object: 'page', entry: [{}] })).status).toBe(200);
    await expect.poll(observations).toMatchObject({
      foreignObjectAtMs: expect.any(Number),
      foreignObject: 'page',
    });
  });

  test('a handshake, with its challenge', async () => {
    expect((await shake(canaries.verifyToken, '482915370')).status).toBe(200);
    await expect.poll(observations).toMatchObject({
      handshakeAtMs: expect.any(Number),
      handshakeChallenge: '482915370',
    });
  });

  test('the handshake that Meta makes next', async () => {
    expect(await gateway.meta.verifyCallback()).toBe(true);
    await expect.poll(async () => (await observations()).handshakeChallenge).not.toBe('482915370');
  });

  test('a delivery, and which secret proved it', async () => {
    expect((await gateway.deliver(message('m1'))).status).toBe(200);
    await expect.poll(observations).toMatchObject({
      deliveryAtMs: expect.any(Number),
      deliverySecretPlace: 0,
      storedAtMs: expect.any(Number),
    });
    // The host may run the consumer in several processes, each of which remembers the change at once.
    expect((await gateway.deliver(message('m2'), canaries.secondAppSecret)).status).toBe(200);
    await expect.poll(observations).toMatchObject({ deliverySecretPlace: 1 });
  });
});

describe('a refused send', () => {
  const send = (recipient_id: string) =>
    gateway.api('/api/send-message', jsonBody({ recipient_id, message: canaries.text }));
  const refused = async () => Object.keys((await observations()).refusedSendAtMs ?? {}).toSorted();

  test('that hints at the set-up is remembered', async () => {
    expect(await send('nobody')).toMatchObject({ status: 400, body: { code: 'unknown_recipient' } });
    expect(await refused()).toEqual(['100/2534014']);
  });

  test('for a closed window is remembered where the window is open here, and says what else it may be', async () => {
    const customer = { id: '2500000000000001', username: 'bo' };
    const sentAtMs = Date.now() - 25 * 3_600_000;
    gateway.meta.world.conversations.add(customer, {
      id: 'old',
      sentAtMs,
      fromBusiness: false,
      text: canaries.text,
    });
    const asMetaSays = await send(customer.id);
    expect(asMetaSays).toMatchObject({ status: 400, body: { code: 'outside_reply_window' } });
    expect(asMetaSays.body.error).not.toContain('Advanced Access');
    expect(await refused()).toEqual(['100/2534014']);

    const item = messageItem(
      { mid: 'new', text: canaries.text },
      { sender: { id: customer.id }, timestamp: Date.now() },
    );
    expect((await gateway.deliver(delivery(item))).status).toBe(200);
    await expect
      .poll(async () => (await send(customer.id)).body.error)
      .toContain('has Advanced Access to the messaging permission');
    expect(await refused()).toEqual(['10/2534022', '100/2534014']);
  });
});

test('the status tells when Meta was last heard of', async () => {
  const seen = await observations();
  expect(await status()).toMatchObject({
    last_delivery_at: new Date(seen.deliveryAtMs ?? 0).toISOString(),
    last_handshake_at: new Date(seen.handshakeAtMs ?? 0).toISOString(),
    last_signature_failure_at: new Date(seen.signatureFailureAtMs ?? 0).toISOString(),
  });
});

test('a flood of 200 forged deliveries puts at most a notice a process into the queue', async () => {
  const before = noticesRead();
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => gateway.deliver(message('forged'), 'a-forged-secret')),
    );
    expect(new Set(answers.map(({ status: code }) => code))).toEqual(new Set([401]));
  }
  await expect.poll(waitingEvents).toBe(0);
  // The host runs a function in at most four processes.
  expect(noticesRead() - before).toBeLessThanOrEqual(4);
});

function noticesRead(): number {
  return gateway.lines
    .map((line) => /notices read \{"notices":(\d+)/.exec(line)?.[1])
    .reduce((sum, notices) => sum + Number(notices ?? 0), 0);
}

async function waitingEvents(): Promise<number> {
  const sqs = new SQSClient(localClient(gateway.endpoints.sqs));
  try {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: gateway.queueUrl('EventsQueue'), AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes?.ApproximateNumberOfMessages) +
      Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
    );
  } finally {
    sqs.destroy();
  }
}
