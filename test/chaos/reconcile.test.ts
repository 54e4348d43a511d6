import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaultName } from '../../infra/meta-simulator/faults.ts';
import { lookUpThread } from '../../shared/reconcile/look-up.ts';
import { type ChangedResult, reconcileChanged } from '../../shared/reconcile/reconcile-changed.ts';
import { ReconcilingElsewhereError } from '../../shared/reconcile/reconcile-store.ts';
import { canaries } from '../builders/canaries.ts';
import { startTestGateway, type TestGateway } from '../builders/gateway.ts';
import { reconcileParts } from '../builders/reconcile-parts.ts';
import { accountId } from '../builders/webhook.ts';

let gateway: TestGateway;

async function start(login: 'facebook' | 'instagram' = 'facebook'): Promise<void> {
  gateway = await startTestGateway({ settings: { INSTAGRAM_LOGIN: login } });
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  vi.stubEnv('GRAPH_API_BASE_URL', gateway.meta.url);
}
afterEach(async () => {
  vi.unstubAllEnvs();
  await gateway.stop();
});

function faults(settings: Partial<Record<FaultName, { probability: number; value?: number }>>): void {
  for (const [name, setting] of Object.entries(settings)) {
    gateway.meta.world.faults.set(name as FaultName, setting);
  }
}
const faultsEnd = (settings: object) =>
  faults(Object.fromEntries(Object.keys(settings).map((name) => [name, { probability: 0 }])));

/** Typed in the Instagram app: Meta sends it, and this gateway learns of it by the echo alone. */
async function typedOnThePhone(customer: string, text: string): Promise<void> {
  const response = await fetch(`${gateway.meta.url}/v25.0/me/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${canaries.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ recipient: { id: customer }, message: { text } }),
  });
  expect(response.status).toBe(200);
}

interface Shown {
  readonly id: string;
  readonly direction: string;
  readonly kind: string;
  readonly text?: string;
  readonly recovered?: true;
  readonly missing_at_meta_since?: string;
}

async function stored(customer: string): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await gateway.api(
      `/api/conversations/${accountId}.${customer}/messages?limit=100${cursor ? `&cursor=${cursor}` : ''}`,
    );
    shown.push(...((body.data ?? []) as readonly Shown[]));
    cursor = body.cursor;
  } while (cursor);
  return shown;
}

/** Everything that is on its way has arrived: the queue is empty and nothing new is stored. */
async function settled(): Promise<void> {
  await gateway.meta.deliveries.settled();
  const { sqs, eventsQueueUrl } = reconcileParts(gateway);
  let before = -1;
  await vi.waitFor(
    async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: eventsQueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      const now = gateway.lines.length;
      const isQuiet = now === before && Object.values(Attributes ?? {}).every((count) => count === '0');
      before = now;
      expect(isQuiet).toBe(true);
    },
    { timeout: 30_000, interval: 700 },
  );
}

async function reconcile(options = {}): Promise<ChangedResult> {
  const result = await reconcileChanged(reconcileParts(gateway), { includesFresh: true, ...options });
  await settled();
  return result;
}

const textsAtMeta = (customer: string) =>
  (gateway.meta.world.conversations.withCustomer(customer)?.messages ?? []).map((message) => ({
    id: message.id,
    direction: message.fromBusiness ? 'out' : 'in',
    text: message.text,
  }));

describe.each(['facebook', 'instagram'] as const)('%s login', (login) => {
  beforeEach(() => start(login));

  test('with every fault on: nothing of the 20 newest is missing after one reconciliation, no gap is silent', async () => {
    const bad = {
      duplicate_delivery: { probability: 0.2 },
      reordered_deliveries: { probability: 0.3 },
      lost_delivery: { probability: 0.4 },
      edit_instead_of_message: { probability: 0.15 },
      broken_thread: { probability: 1 },
      slow_read: { probability: 0.3, value: 50 },
    };
    faults(bad);
    const people = Array.from({ length: 6 }, (_, n) => ({ id: `60${n}`, username: `person_${n}` }));
    for (const person of people) gateway.meta.customers.add(person);
    for (const [n, { id }] of people.entries()) {
      // One thread is longer than what Meta gives out of it.
      const messages = n === 0 ? 28 : 6;
      for (let m = 0; m < messages; m += 1) {
        gateway.meta.customers.write(id, { text: `${id} says ${m}` });
        if (m % 3 === 2) await typedOnThePhone(id, `to ${id}: ${m}`);
      }
    }
    const unsent = gateway.meta.customers.write('601', { text: 'regretted' });
    await settled();
    // Meta tells the time of a read in seconds: what is younger than three may be left to the next look.
    await new Promise((resolve) => setTimeout(resolve, 3100));
    gateway.meta.customers.unsend(unsent.id);
    const first = await reconcile().catch(() => undefined);
    faultsEnd(bad);
    const { run, gaps, failed } = await reconcile();

    expect({ failed, is_complete: run.is_complete }).toEqual({ failed: [], is_complete: true });
    const gapIds = new Set([...(first?.gaps ?? []), ...gaps].map(({ messageId }) => messageId));
    for (const { id } of people) {
      const atMeta = textsAtMeta(id);
      const here = new Map((await stored(id)).map((message) => [message.id, message]));
      expect(
        atMeta.slice(0, 20).map((message) => {
          const { id: mid, direction, text } = here.get(message.id) ?? { id: '', direction: '', text: '' };
          return { id: mid, direction, text };
        }),
      ).toEqual(atMeta.slice(0, 20));
      const ids = new Set(atMeta.map((message) => message.id));
      const hasHistory = [...here.values()].some(({ kind }) => kind === 'history_start');
      const silent = [
        ...atMeta
          .slice(20)
          .filter((message) => here.get(message.id)?.text !== message.text && !gapIds.has(message.id))
          .map((message) => ({ missing: message, hasHistory }))
          .filter(() => !hasHistory),
        ...[...here.values()]
          .filter((message) => message.kind !== 'history_start' && !ids.has(message.id))
          .filter((message) => message.kind !== 'deleted' && !gapIds.has(message.id))
          .map((message) => ({ surplus: message })),
      ];
      expect(silent).toEqual([]);
    }
  }, 120_000);

  test('what no webhook brought is marked, and what one did is not', async () => {
    gateway.meta.customers.write('123456789', { text: 'by webhook' });
    await settled();
    faults({ lost_delivery: { probability: 1 } });
    gateway.meta.customers.write('123456789', { text: 'lost' });
    await typedOnThePhone('123456789', 'lost too');
    faultsEnd({ lost_delivery: {} });
    const { run } = await reconcile();
    const recovered = new Map(
      (await stored('123456789')).map((message) => [message.text, message.recovered]),
    );
    expect(['by webhook', 'lost', 'lost too'].map((text) => recovered.get(text))).toEqual([
      undefined,
      true,
      true,
    ]);
    expect(run.messages_found).toBeGreaterThanOrEqual(2);
    expect((await reconcile()).run.messages_found).toBe(0);
  });

  test('a message that came as an edit without text is fetched by its mid', async () => {
    faults({ edit_instead_of_message: { probability: 1 } });
    gateway.meta.customers.write('123456789', { text: 'came as an edit' });
    faultsEnd({ edit_instead_of_message: {} });
    await expect
      .poll(async () => (await stored('123456789')).map(({ text }) => text), { timeout: 20_000 })
      .toContain('came as an edit');
  }, 30_000);
});

describe('reading Meta', () => {
  beforeEach(() => start());

  test('a lost unsend is a gap, also of a message as old as the oldest that Meta lists', async () => {
    gateway.meta.customers.write('123456789', { text: 'kept' });
    const unsent = gateway.meta.customers.write('123456789', { text: 'regretted' });
    await settled();
    faults({ lost_delivery: { probability: 1 } });
    gateway.meta.customers.unsend(unsent.id);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await reconcile()).gaps).toEqual([
      { customerId: '123456789', messageId: unsent.id, reason: 'absent' },
    ]);
    const shown = await stored('123456789');
    expect(shown.find(({ id }) => id === unsent.id)).toHaveProperty('missing_at_meta_since');
    expect(shown.find(({ text }) => text === 'kept')).not.toHaveProperty('missing_at_meta_since');
  });

  test('one thread that cannot be read fails alone, and is read next time', async () => {
    gateway.meta.customers.add({ id: '700', username: 'fine' });
    faults({ lost_delivery: { probability: 1 }, broken_thread: { probability: 1 } });
    gateway.meta.customers.write('700', { text: 'fine' });
    gateway.meta.customers.write('123456789', { text: 'odd' });
    const first = await reconcile();
    expect(first.failed).toHaveLength(1);
    expect((await stored('700')).map(({ text }) => text)).toEqual(['fine']);
    faultsEnd({ broken_thread: {} });
    const second = await reconcile();
    expect(second.failed).toEqual([]);
    expect((await stored('123456789')).map(({ text }) => text)).toContain('odd');
  });

  test.each([false, true])('stops in time, and goes on where it was (import: %s)', async (isImport) => {
    faults({ lost_delivery: { probability: 1 } });
    for (let n = 0; n < 6; n += 1) {
      gateway.meta.customers.add({ id: `80${n}`, username: `person_${n}` });
      gateway.meta.customers.write(`80${n}`, { text: `from ${n}` });
    }
    const short = { beginBeforeMs: Date.now() + 2_000 };
    const first = await reconcileChanged(reconcileParts(gateway, short), { includesFresh: true, isImport });
    expect(first.run).toMatchObject({ is_complete: false });
    const read = first.run.threads_read;
    expect(read).toBeGreaterThan(0);
    const second = await reconcile({ isImport });
    expect(second.run).toMatchObject({ is_complete: true });
    expect(read + second.run.threads_read).toBe(7);
    expect((await reconcile({ isImport })).run.threads_read).toBe(0);
  });

  test('an import marks where history starts, once', async () => {
    faults({ lost_delivery: { probability: 1 } });
    for (let n = 0; n < 25; n += 1) gateway.meta.customers.write('123456789', { text: `old ${n}` });
    await reconcile({ isImport: true });
    faultsEnd({ lost_delivery: {} });
    const first = await stored('123456789');
    expect(first.filter(({ kind }) => kind === 'text')).toHaveLength(20);
    expect(first.at(-1)?.kind).toBe('history_start');
    gateway.meta.customers.write('123456789', { text: 'new' });
    await settled();
    await reconcile({ isImport: true });
    const kinds = (await stored('123456789')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'history_start')).toHaveLength(1);
  });

  test('one at a time', async () => {
    const outcomes = await Promise.allSettled([
      reconcileChanged(reconcileParts(gateway)),
      reconcileChanged(reconcileParts(gateway)),
      lookUpThread(reconcileParts(gateway), '123456789'),
    ]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(2);
    for (const reason of refused) expect(reason).toBeInstanceOf(ReconcilingElsewhereError);
  });

  test('knows who wrote', async () => {
    gateway.meta.customers.write('123456789', { text: 'Hi' });
    await expect
      .poll(async () => (await gateway.api('/api/conversations?q=ada')).body.data as unknown, {
        timeout: 20_000,
      })
      .toMatchObject([{ participant: { id: '123456789', username: 'ada', name: 'Ada' } }]);
  });

  test('who reads wakes it, and is told how fresh the answer is', async () => {
    faults({ lost_delivery: { probability: 1 } });
    gateway.meta.customers.write('123456789', { text: 'nobody told' });
    // Younger than a minute it is left to its webhook: the next reconciliation takes it.
    const parts = reconcileParts(gateway);
    await reconcileChanged(parts, { includesFresh: true });
    await settled();
    const { body } = await gateway.api('/api/get-messages');
    expect(JSON.stringify(body.data)).toContain('nobody told');
    expect(body).toHaveProperty('reconciled_at');
  });

  test('keeps within two calls in any second, however many read', async () => {
    const atMs: number[] = [];
    const { limits } = gateway.meta.world;
    const take = limits.take.bind(limits);
    vi.spyOn(limits, 'take').mockImplementation((bucket, limit, windowMs) => {
      if (limit === 2) atMs.push(Date.now());
      return take(bucket, limit, windowMs);
    });
    for (let n = 0; n < 4; n += 1) {
      gateway.meta.customers.add({ id: `90${n}`, username: `person_${n}` });
      gateway.meta.customers.write(`90${n}`, { text: 'Hi' });
    }
    await Promise.all([
      reconcile(),
      gateway.api('/api/get-messages?source=graph&limit=2'),
      gateway.api('/api/get-messages?source=graph&limit=2'),
    ]);
    expect(atMs.length).toBeGreaterThan(6);
    const inSecondFrom = (startMs: number) =>
      atMs.filter((at) => at >= startMs && at < startMs + 1000).length;
    expect(Math.max(...atMs.map(inSecondFrom))).toBeLessThanOrEqual(2);
  });
});
