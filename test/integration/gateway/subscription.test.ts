import { describe, expect, onTestFinished, test } from 'vitest';
import type { StatusView } from '../../../shared/account/status-shape.ts';
import { startTestGateway, type TestGateway } from '../../builders/gateway.ts';

const timeout = 30_000;

async function checkedEachSecond(settings: Record<string, string>): Promise<TestGateway> {
  const gateway = await startTestGateway({ schedulePeriodMs: 1000, settings });
  onTestFinished(() => gateway.stop());
  return gateway;
}

const status = async (gateway: TestGateway) =>
  (await gateway.api('/api/status')).body.data as unknown as StatusView;
const codes = async (gateway: TestGateway) =>
  (await status(gateway)).findings.map(({ code }) => code as string);

/** A check that began after this call has ended. */
async function nextCheck(gateway: TestGateway): Promise<void> {
  const sinceMs = Date.now();
  const checkedAtMs = async () => Date.parse((await status(gateway)).checked_at ?? '');
  await expect.poll(checkedAtMs, { timeout }).toBeGreaterThan(sinceMs);
}

describe.each(['facebook', 'instagram'])('a subscription that has gone, with %s login', (login) => {
  test('is there again after the next check, which says so; not a second time on the same day', async () => {
    const gateway = await checkedEachSecond({ INSTAGRAM_LOGIN: login });
    const { state } = gateway.meta.world;
    await nextCheck(gateway);
    expect(await codes(gateway)).not.toContain('subscription_renewed');
    const before = state.subscribedFields;

    state.unsubscribe();
    await expect.poll(() => state.subscribedFields, { timeout }).toBeDefined();
    expect(state.subscribedFields).toEqual(login === 'facebook' ? ['feed'] : before);
    await expect.poll(() => codes(gateway), { timeout }).toContain('subscription_renewed');
    expect(await codes(gateway)).not.toContain('not_subscribed');

    state.unsubscribe();
    await expect.poll(() => codes(gateway), { timeout }).toContain('not_subscribed');
    await nextCheck(gateway);
    expect(state.subscribedFields).toBeUndefined();
  });
});

test('its owner may have it left alone', async () => {
  const gateway = await checkedEachSecond({ RESUBSCRIBE: 'off' });
  await nextCheck(gateway);
  gateway.meta.world.state.unsubscribe();
  await expect.poll(() => codes(gateway), { timeout }).toContain('not_subscribed');
  await nextCheck(gateway);
  expect(gateway.meta.world.state.subscribedFields).toBeUndefined();
});
