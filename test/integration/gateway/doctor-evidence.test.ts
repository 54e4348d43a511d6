import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckReport } from '../../../shared/account/findings.ts';
import { canaries } from '../../builders/canaries.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { delivery, messageItem } from '../../builders/webhook.ts';
import { Checkout } from '../../unit/operate/run-command.ts';

/** What the functions notice by themselves, read by the doctor: each test adds one thing that is wrong. */
let gateway: TestGateway;
let checkout: Checkout;

beforeAll(async () => {
  gateway = await startTestGateway({
    settings: { APP_SECRET: canaries.appSecret, APP_ID: '111000000000001' },
  });
  checkout = await Checkout.create();
});
afterAll(async () => {
  await gateway.stop();
  await checkout.remove();
});

async function found(): Promise<readonly string[]> {
  const { stdout } = await checkout.run('doctor.ts', ['--json'], { env: { DATA_DIR: gateway.dataDir } });
  expect(stdout).not.toContain(canaries.appSecret);
  expect(stdout).not.toContain(canaries.accessToken);
  return (JSON.parse(stdout) as CheckReport).findings.map(({ code }) => code);
}

const pollOptions = { timeout: 30_000, interval: 500 };

test('at first nothing', async () => {
  expect(await found()).toEqual([]);
});

test('a handshake with another verify token', async () => {
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': 'another one',
    'hub.challenge': '482915370',
  });
  expect((await fetch(`${gateway.url}/api/webhook?${query.toString()}`)).status).toBe(403);
  await expect.poll(found, pollOptions).toEqual(['verify_token_wrong']);
});

test('deliveries that another secret signs', async () => {
  const payload = delivery(messageItem({ mid: 'm1', text: canaries.text }, { timestamp: Date.now() }));
  expect((await gateway.deliver(payload, 'the secret of the other login')).status).toBe(401);
  await expect.poll(found, pollOptions).toEqual(['signed_by_other_secret', 'verify_token_wrong']);
});

test('one that our own secret signs ends both', async () => {
  // A delivery is noticed by the time of its arrival; both troubles are older than this one.
  const payload = delivery(messageItem({ mid: 'm2', text: canaries.text }, { timestamp: Date.now() }));
  expect((await gateway.deliver(payload)).status).toBe(200);
  await expect.poll(found, pollOptions).toEqual([]);
});

test('the refusal of a send by an app that is not live', async () => {
  gateway.meta.world.state.set({ live: false });
  const { status } = await gateway.api(
    '/api/send-message',
    jsonBody({ recipient_id: '123456789', message: canaries.text }),
  );
  expect(status).toBe(400);
  await expect.poll(found, pollOptions).toEqual(['development_mode_likely']);
});
