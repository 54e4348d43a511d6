import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../builders/gateway.ts';

let gateway: TestGateway;
const people = Array.from({ length: 25 }, (_, n) => ({ id: `40${n}`, username: `person_${n}` }));

beforeEach(async () => {
  gateway = await startTestGateway();
  gateway.meta.world.faults.set('lost_delivery', { probability: 1 });
  for (const { id, username } of people) {
    gateway.meta.customers.add({ id, username });
    gateway.meta.customers.write(id, { text: `from ${username}` });
  }
});
afterEach(() => gateway.stop());

interface View {
  readonly participants: { readonly data: readonly { readonly username?: string }[] };
  readonly messages: { readonly data: readonly { readonly message: string }[] };
}

async function read() {
  const { status, body } = await gateway.api('/api/get-messages?limit=100');
  expect(status).toBe(200);
  const views = body.data as unknown as readonly View[];
  return {
    names: new Set(views.flatMap(({ participants }) => participants.data.map(({ username }) => username))),
    texts: new Set(views.flatMap(({ messages }) => messages.data.map(({ message }) => message))),
  };
}

const listings = () => gateway.meta.calls.filter(({ path }) => path.endsWith('/conversations')).length;

test('an empty store: the first call names everybody, and all texts come by themselves', async () => {
  const usernames = people.map(({ username }) => username);
  const { names } = await read();
  expect(usernames.filter((username) => !names.has(username))).toEqual([]);
  await expect
    .poll(
      async () => {
        const { texts } = await read();
        return usernames.filter((username) => !texts.has(`from ${username}`));
      },
      { timeout: 45_000, interval: 1_000 },
    )
    .toEqual([]);
}, 90_000);

test('fifty pages that poll cause one listing in ten seconds together', async () => {
  await expect
    .poll(async () => (await gateway.api('/api/get-messages')).body, { timeout: 45_000, interval: 1_000 })
    .toHaveProperty('reconciled_at');
  const [startedMs, before] = [Date.now(), listings()];
  let polls = 0;
  while (Date.now() - startedMs < 12_000) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => gateway.api('/api/get-messages?limit=1')),
    );
    polls += answers.filter(({ status }) => status === 200).length;
  }
  const elapsedMs = Date.now() - startedMs;
  expect(polls).toBeGreaterThanOrEqual(100);
  expect(listings() - before).toBeGreaterThan(0);
  expect(listings() - before).toBeLessThanOrEqual(1 + Math.floor(elapsedMs / 10_000));
}, 120_000);
