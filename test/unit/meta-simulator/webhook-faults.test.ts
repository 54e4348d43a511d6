import { afterEach, describe, expect, it } from 'vitest';
import { createClock, type MovableClock } from '../../../infra/meta-simulator/clock.ts';
import type { FaultSettings } from '../../../infra/meta-simulator/faults.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { call, startTestMeta } from './simulated-meta.ts';

const ada = '123456789';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

interface Started {
  readonly meta: Meta;
  readonly callback: CallbackServer;
  readonly clock: MovableClock;
  /** Writes and waits until it is delivered, if it is at once. */
  readonly write: (...texts: string[]) => Promise<void>;
  /** The texts that arrived, in order. */
  readonly arrived: () => readonly string[];
}

async function started(faults: FaultSettings, seed = 'seed', statuses: number[] = []): Promise<Started> {
  const callback = await startCallbackServer(...statuses);
  const clock = createClock({ startMs: 1760000000000 });
  const meta = await startTestMeta({ callbackUrl: callback.url, clock, seed, faults, batchWindowMs: 0 });
  cleanups.push(
    () => meta.stop(),
    () => callback.close(),
  );
  return {
    meta,
    callback,
    clock,
    write: async (...texts) => {
      for (const text of texts) meta.customers.write(ada, { text });
      await meta.deliveries.settled();
    },
    arrived: () => callback.bodies().map((body) => /"text":"([^"]*)"/.exec(body)?.[1] ?? body),
  };
}

const always = { probability: 1 };

describe('a delivery', () => {
  it('comes twice', async () => {
    const { write, arrived, meta } = await started({ duplicate_delivery: always });
    await write('hello');
    expect(arrived()).toEqual(['hello', 'hello']);
    expect(meta.deliveries.record.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('is overtaken by the next, and comes alone when there is none', async () => {
    const { write, arrived, clock } = await started({ reordered_deliveries: always });
    await write('first');
    expect(arrived()).toEqual([]);
    await write('second', 'third');
    expect(arrived()).toEqual(['second', 'first']);
    await clock.advance(5000);
    expect(arrived()).toEqual(['second', 'first', 'third']);
  });

  it('comes as late as told', async () => {
    const { write, arrived, clock, meta } = await started({
      delayed_delivery: { probability: 1, value: 90_000 },
    });
    await write('late');
    expect(meta.deliveries.record[0]).toMatchObject({
      state: 'waiting',
      nextTryAtMs: 1760000090000,
      tries: 0,
    });
    await clock.advance(89_999);
    expect(arrived()).toEqual([]);
    await clock.advance(1);
    expect(arrived()).toEqual(['late']);
  });

  it('is lost, though the message is held', async () => {
    const { write, arrived, clock, meta } = await started({ lost_delivery: always });
    await write('lost');
    await clock.advance(86_400_000);
    expect(arrived()).toEqual([]);
    expect(meta.deliveries.record).toEqual([expect.objectContaining({ state: 'lost', tries: 0 })]);
    expect(meta.world.conversations.withCustomer(ada)?.messages[0]?.text).toBe('lost');
  });

  it('is an edit of a message that Graph alone tells', async () => {
    const { write, arrived, callback, meta } = await started({ edit_instead_of_message: always });
    await write('hello');
    expect(arrived()[0]).not.toBe('hello');
    const [item] = JSON.parse(callback.bodies()[0] ?? '').entry[0].messaging;
    expect(item.message_edit).toEqual({ mid: expect.any(String), num_edit: 0 });
    const { body } = await call(meta, `/v25.0/${item.message_edit.mid}?fields=message`);
    expect(body).toMatchObject({ message: 'hello' });
  });

  it('keeps comments as they are, whatever befalls direct messages', async () => {
    const { meta, callback } = await started({ changes_envelope: always, scoped_entry_id: always });
    meta.customers.comment(ada, { text: 'price?', id: '178' });
    await meta.deliveries.settled();
    const [entry] = JSON.parse(callback.bodies()[0] ?? '').entry;
    expect(entry).toMatchObject({
      id: '17841400000000001',
      time: 1760000000,
      changes: [{ field: 'comments' }],
    });
  });
});

const half = { probability: 0.5 };
const allFaults: FaultSettings = {
  duplicate_delivery: half,
  reordered_deliveries: half,
  delayed_delivery: { probability: 0.5, value: 700 },
  lost_delivery: half,
  changes_envelope: half,
  scoped_entry_id: half,
  edit_instead_of_message: half,
  no_echo: half,
  echo_with_another_mid: half,
  echo_before_answer: half,
};

/** When an echo was queued, or lost. */
function echoed(meta: Meta): Promise<void> {
  return new Promise((resolve) => {
    const end = meta.deliveries.subscribe(({ kinds }) => {
      if (!kinds.includes('echo')) return;
      end();
      resolve();
    });
  });
}

/** A day of one customer, with a webhook that refuses at first. Gives every byte that arrived. */
async function day(seed: string): Promise<readonly string[]> {
  const { meta, clock, callback, write } = await started(allFaults, seed, [500, 503, 500, 500]);
  for (let i = 0; i < 30; i += 1) {
    await write(`Käse ${i}`, `again ${i}`);
    const [newest] = meta.world.conversations.withCustomer(ada)?.messages ?? [];
    if (newest) meta.customers.react(newest.id, { reaction: 'love', emoji: '❤️' });
    meta.customers.tap(ada, { title: 'Track order', payload: 'TRACK', referral: { ref: 'r1' } });
    const isEchoed = echoed(meta);
    await call(meta, '/me/messages', { recipient: { id: ada }, message: { text: `On its way ${i}` } });
    await isEchoed;
    await meta.deliveries.settled();
    await clock.advance(500);
  }
  await clock.advance(3_600_000);
  return callback.bodies();
}

it('the same seed and the same calls give the same deliveries, byte for byte', async () => {
  const first = await day('one');
  expect(first.length).toBeGreaterThan(50);
  expect(await day('one')).toEqual(first);
  expect(await day('two')).not.toEqual(first);
});
