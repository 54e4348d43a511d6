import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';

const threads = 20;
const perThread = 25;
const customers = Array.from({ length: threads }, (_, n) => `${600_000_000_000_000 + n}`);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  for (const [n, id] of customers.entries()) {
    gateway.meta.customers.add({ id, username: `person_${n}` });
    gateway.meta.customers.write(id, { text: 'Hello?' });
  }
});
afterAll(() => gateway.stop());

const sentTo = (customer: string) =>
  (gateway.meta.world.conversations.withCustomer(customer)?.messages ?? [])
    .filter(({ fromBusiness }) => fromBusiness)
    // Newest first.
    .toReversed();

test(`${threads * perThread} sends at once in ${threads} threads keep Meta's limits, lose none and keep their order`, async () => {
  const { limits } = gateway.meta.world;
  const exceeded: string[] = [];
  const take = limits.take.bind(limits);
  vi.spyOn(limits, 'take').mockImplementation((bucket, limit, windowMs) => {
    const isWithin = take(bucket, limit, windowMs);
    if (!isWithin) exceeded.push(bucket);
    return isWithin;
  });
  const texts = Array.from({ length: perThread }, (_, n) => `message ${n}`);
  await Promise.all(
    customers.map(async (recipient_id) => {
      for (const message of texts) {
        const request = jsonBody({ recipient_id, message });
        const { status } = await gateway.api('/api/send-message', {
          ...request,
          headers: { ...(request.headers as Record<string, string>), prefer: 'respond-async' },
        });
        expect(status).toBe(202);
      }
    }),
  );
  const arrived = () => customers.reduce((sum, customer) => sum + sentTo(customer).length, 0);
  await expect.poll(arrived, { timeout: 150_000, interval: 500 }).toBe(threads * perThread);
  for (const customer of customers) expect(sentTo(customer).map(({ text }) => text)).toEqual(texts);
  expect(exceeded).toEqual([]);
}, 240_000);

test("near the end of Meta's allowance calls are spread out before Meta says no", async () => {
  const { limits, state } = gateway.meta.world;
  const hourMs = 3_600_000;
  // 200 calls an hour for each: of them 92 in a hundred are used up.
  const dailyUsers = Math.ceil(limits.count('app', hourMs) / 180) + 1;
  state.set({ dailyUsers });
  while (limits.count('app', hourMs) < 0.92 * 200 * dailyUsers) {
    limits.take('app', Number.POSITIVE_INFINITY, hourMs);
  }
  const [recipient_id = ''] = customers;
  const send = (message: string) => gateway.api('/api/send-message', jsonBody({ recipient_id, message }));
  expect((await send('first')).status).toBe(200);
  expect((await send('second')).status).toBe(200);
  const [second, first] = gateway.meta.world.conversations.withCustomer(recipient_id)?.messages ?? [];
  expect((second?.sentAtMs ?? 0) - (first?.sentAtMs ?? 0)).toBeGreaterThanOrEqual(900);
}, 60_000);
