import { afterEach, describe, expect, it } from 'vitest';
import { createClock, type MovableClock } from '../../../infra/meta-simulator/clock.ts';
import type { Meta, StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accountId, call, startTestMeta } from './simulated-meta.ts';

const ada = '123456789';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface Started {
  readonly meta: Meta;
  readonly callback: CallbackServer;
  readonly clock: MovableClock;
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function started(options: Partial<StartMetaOptions> = {}, statuses: number[] = []): Promise<Started> {
  const callback = await startCallbackServer(...statuses);
  const clock = createClock({ startMs: 1760000000000 });
  const meta = await startTestMeta({ callbackUrl: callback.url, clock, seed: 'test', ...options });
  cleanups.push(
    () => meta.stop(),
    () => callback.close(),
  );
  return { meta, callback, clock };
}

async function write({ meta }: Pick<Started, 'meta'>, text: string): Promise<void> {
  meta.customers.write(ada, { text });
  await meta.deliveries.settled();
}

const always = (status: number) => Array.from({ length: 200 }, () => status);
const texts = (bodies: readonly string[]) => bodies.map((body) => /"text":"([^"]*)"/.exec(body)?.[1] ?? body);

describe('a delivery', () => {
  it('is taken at the first try, and told of', async () => {
    const { meta, callback } = await started();
    const told: string[] = [];
    const end = meta.deliveries.subscribe(({ state, tries }) => told.push(`${state} ${tries}`));
    await write({ meta }, 'hello');
    end();
    await write({ meta }, 'unheard');
    expect(told).toEqual(['waiting 0', 'delivered 1']);
    expect(meta.deliveries.record[0]).toMatchObject({
      id: '1',
      atMs: 1760000000000,
      kinds: ['message'],
      tries: 1,
      status: 200,
      state: 'delivered',
      tookMs: expect.any(Number),
    });
    expect(texts(callback.bodies())).toEqual(['hello', 'unheard']);
  });

  it('comes again at once, then ever less often, with the same bytes', async () => {
    const { meta, callback, clock } = await started({}, [500, 503, 302, 404]);
    await write({ meta }, 'hello');
    expect(callback.bodies()).toHaveLength(3);
    expect(meta.deliveries.record[0]).toMatchObject({
      state: 'waiting',
      status: 302,
      nextTryAtMs: clock.nowMs() + minuteMs,
    });
    await clock.advance(minuteMs);
    expect(callback.bodies()).toHaveLength(4);
    await clock.advance(4 * minuteMs);
    expect(new Set(callback.bodies()).size).toBe(1);
    expect(callback.bodies()).toHaveLength(5);
    expect(meta.deliveries.record[0]).toMatchObject({ state: 'delivered', status: 200, tries: 5 });
    expect(meta.deliveries.record[0]).not.toHaveProperty('nextTryAtMs');
  });

  it('counts an answer that does not come in time as a failure', async () => {
    const { meta } = await started({ readings: { answerDeadlineMs: 20 } }, [0, 0, 0]);
    await write({ meta }, 'hello');
    expect(meta.deliveries.record[0]).toMatchObject({ state: 'waiting', tries: 3 });
    expect(meta.deliveries.record[0]).not.toHaveProperty('status');
  });

  it('follows a new callback URL', async () => {
    const { meta, clock } = await started({ callbackUrl: 'http://127.0.0.1:1/' });
    await write({ meta }, 'hello');
    const callback = await startCallbackServer();
    cleanups.push(() => callback.close());
    meta.setCallbackUrl(callback.url);
    await clock.advance(minuteMs);
    expect(texts(callback.bodies())).toEqual(['hello']);
  });
});

describe('an hour of failure', () => {
  it('alerts, then ends the subscription until somebody subscribes again', async () => {
    const { meta, callback, clock } = await started({}, always(500));
    await write({ meta }, 'refused');
    await clock.advance(hourMs);
    expect(meta.deliveries.subscribed).toBe(false);
    expect(meta.deliveries.alerts).toEqual([
      { kind: 'webhooks_failing', atMs: 1760000000000 + 15 * minuteMs },
      { kind: 'webhooks_disabled', atMs: 1760000000000 + hourMs },
    ]);
    expect(meta.deliveries.record[0]).toMatchObject({ state: 'dropped', status: 500 });

    const posted = callback.bodies().length;
    await write({ meta }, 'silence');
    await clock.advance(48 * hourMs);
    expect(callback.bodies()).toHaveLength(posted);
    meta.deliveries.subscribed = true;
    await write({ meta }, 'again');
    expect(texts(callback.bodies().slice(posted))[0]).toBe('again');
  });

  it('begins anew with each success', async () => {
    const { meta, callback, clock } = await started({}, [500, 500, 500]);
    await write({ meta }, 'refused, then taken');
    await clock.advance(50 * minuteMs);
    callback.answerNext(...always(500));
    await write({ meta }, 'refused');
    await clock.advance(50 * minuteMs);
    expect(meta.deliveries.subscribed).toBe(true);
    await clock.advance(10 * minuteMs);
    expect(meta.deliveries.subscribed).toBe(false);
  });

  it('does not count in the regime of 36 hours, which drops what was not taken by then', async () => {
    const { meta, clock } = await started({ readings: { failureRegime: 'graph_36_hours' } }, always(500));
    await write({ meta }, 'refused');
    await clock.advance(35 * hourMs);
    expect(meta.deliveries.record[0]).toMatchObject({ state: 'waiting' });
    await clock.advance(hourMs);
    expect(meta.deliveries.record[0]).toMatchObject({ state: 'dropped' });
    expect(meta.deliveries.subscribed).toBe(true);
  });
});

describe('what is delivered', () => {
  it('is what the app subscribed to', async () => {
    const { meta, callback } = await started();
    meta.deliveries.fields = ['messaging_seen'];
    const { id } = meta.customers.write(ada, { text: 'hello' });
    meta.customers.see(ada, id);
    await meta.deliveries.settled();
    expect(meta.deliveries.record.map(({ kinds }) => kinds)).toEqual([['read']]);
    expect(callback.bodies()).toHaveLength(1);
  });

  it('is names of fields alone without "Include values"', async () => {
    const { meta, callback } = await started();
    meta.deliveries.includeValues = false;
    await write({ meta }, 'hello');
    expect(callback.bodies()).toEqual([
      `{"object":"instagram","entry":[{"id":"${accountId}","time":1760000000,"changed_fields":["messages"]}]}`,
    ]);
  });

  it('is of people with a role alone under Standard Access, and nothing of an app that is not live', async () => {
    const { meta, callback } = await started();
    meta.world.state.set({ standardAccess: true });
    await write({ meta }, 'nobody');
    meta.world.state.set({ peopleWithRoles: [ada] });
    await write({ meta }, 'a tester');
    meta.customers.comment(ada, { text: 'a comment' });
    meta.world.state.set({ live: false });
    await write({ meta }, 'not live');
    expect(texts(callback.bodies())).toEqual(['a tester']);
  });

  it('shares a delivery when it comes within the window, never more than 1000', async () => {
    const { meta, callback, clock } = await started({ batchWindowMs: 200 });
    for (let i = 0; i < 1500; i += 1) meta.customers.write(ada, { text: `text ${i}` });
    await clock.advance(100);
    meta.customers.comment(ada, { text: 'a comment', id: '178' });
    await clock.advance(100);
    const entries = callback.bodies().map((body) => JSON.parse(body).entry);
    expect(entries.map((list) => list.map((entry: object) => Object.keys(entry)))).toEqual([
      [['id', 'time', 'messaging']],
      [
        ['id', 'time', 'messaging'],
        ['id', 'time', 'changes'],
      ],
    ]);
    expect(entries.map(([first]) => first.messaging.length)).toEqual([1000, 500]);
    expect(entries[1][0].time).toBe(1760000000200);
  });

  it('goes to standby while another app holds the thread', async () => {
    const { meta, callback } = await started();
    meta.routing.pass(ada, '222', 'note');
    await write({ meta }, 'to the other app');
    meta.routing.take(ada, meta.world.state.appId, 'back');
    await write({ meta }, 'to us');
    const keys = callback.bodies().map((body) => Object.keys(JSON.parse(body).entry[0])[2]);
    expect(keys).toEqual(['messaging', 'standby', 'messaging', 'messaging']);
  });
});

describe('the record', () => {
  it('keeps the newest 500, and of large ones fewer', async () => {
    const { meta } = await started();
    for (let i = 0; i < 510; i += 1) meta.customers.write(ada, { text: `text ${i}` });
    await meta.deliveries.settled();
    expect(meta.deliveries.record).toHaveLength(500);
    expect(meta.deliveries.record[0]?.id).toBe('11');
    for (let i = 0; i < 3; i += 1) meta.customers.write(ada, { text: 'x'.repeat(1_500_000) });
    await meta.deliveries.settled();
    expect(meta.deliveries.record).toHaveLength(2);
  });

  it('sends one again, byte for byte, instead of its retry', async () => {
    const { meta, callback, clock } = await started({}, [500, 500, 500]);
    await write({ meta }, 'hello');
    expect(await meta.deliveries.resend('1')).toMatchObject({ status: 200 });
    await clock.advance(hourMs);
    expect(callback.bodies()).toHaveLength(4);
    expect(new Set(callback.bodies()).size).toBe(1);
    expect(meta.deliveries.record).toEqual([expect.objectContaining({ state: 'delivered', tries: 4 })]);
    await expect(meta.deliveries.resend('99')).rejects.toThrow('There is no delivery 99');
  });
});

describe('the echo', () => {
  const send = (meta: Meta) =>
    call(meta, '/me/messages', { recipient: { id: ada }, message: { text: 'Hi' } });

  it('comes after the answer, with its message id', async () => {
    const { meta, callback } = await started();
    const { body } = await send(meta);
    await callback.next();
    await meta.deliveries.settled();
    expect(meta.deliveries.record[0]).toMatchObject({ kinds: ['echo'], state: 'delivered' });
    expect(callback.bodies()[0]).toContain(`"mid":"${String(body.message_id)}"`);
  });

  it('is there before the answer when that fault strikes', async () => {
    const { meta, callback } = await started({ faults: { echo_before_answer: { probability: 1 } } });
    await send(meta);
    expect(callback.bodies()).toHaveLength(1);
    expect(meta.deliveries.record[0]).toMatchObject({ kinds: ['echo'], state: 'delivered' });
  });

  it('never comes, or with another mid, when those faults strike', async () => {
    const silent = await started({ faults: { no_echo: { probability: 1 } } });
    await send(silent.meta);
    await write(silent, 'afterwards');
    expect(silent.meta.deliveries.record.map(({ state }) => state)).toEqual(['lost', 'delivered']);
    expect(texts(silent.callback.bodies())).toEqual(['afterwards']);

    const { meta, callback } = await started({ faults: { echo_with_another_mid: { probability: 1 } } });
    const { body } = await send(meta);
    const delivery = JSON.parse((await callback.next()).body.toString('utf8'));
    const { mid } = delivery.entry[0].messaging[0].message;
    expect(mid).toMatch(/^aWdf.{158}ZD$/);
    expect(mid).not.toBe(body.message_id);
  });
});
