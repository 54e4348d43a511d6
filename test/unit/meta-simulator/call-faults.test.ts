import { afterEach, describe, expect, it } from 'vitest';
import { expiredMediaStatus } from '../../../infra/meta-simulator/call-faults.ts';
import { type Clock, createClock } from '../../../infra/meta-simulator/clock.ts';
import type { FaultSettings } from '../../../infra/meta-simulator/faults.ts';
import type { Meta, StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accessToken, accountId, call, startTestMeta } from './simulated-meta.ts';

const toAda = { recipient: { id: '123456789' }, message: { text: 'Hello' } };
const always = { probability: 1 };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function startWith(
  faults: FaultSettings,
  options: Partial<StartMetaOptions> = {},
): Promise<{ meta: Meta; callback: CallbackServer }> {
  const callback = await startCallbackServer();
  const meta = await startTestMeta({ callbackUrl: callback.url, faults, ...options });
  cleanups.push(
    () => meta.stop(),
    () => callback.close(),
  );
  return { meta, callback };
}

async function echoedMid(callback: CallbackServer): Promise<unknown> {
  const { entry } = JSON.parse((await callback.next()).body.toString());
  return entry[0].messaging[0].message.mid;
}

describe('a send that arrives all the same', () => {
  it.each([
    ['send_answers_500', 500, { code: 1 }],
    ['send_answers_1357046', 400, { code: 1, error_subcode: 1357046 }],
  ] as const)('%s: is held and echoed', async (fault, expectedStatus, error) => {
    const { meta, callback } = await startWith({ [fault]: always });
    const { status, body } = await call(meta, '/me/messages', toAda);
    expect(status).toBe(expectedStatus);
    expect(body).toMatchObject({ error });
    const mid = String(await echoedMid(callback));
    expect(meta.world.conversations.message(mid)).toMatchObject({ text: 'Hello', fromBusiness: true });
  });

  it('send_times_out: is held and echoed, and the caller waits until it gives up', async () => {
    const { meta, callback } = await startWith({ send_times_out: always });
    const givesUp = new AbortController();
    const sending = fetch(`${meta.url}/me/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(toAda),
      signal: givesUp.signal,
    });
    let isSettled = false;
    const settled = sending.finally(() => {
      isSettled = true;
    });
    const mid = String(await echoedMid(callback));
    expect(isSettled).toBe(false);
    expect(meta.world.conversations.message(mid)?.text).toBe('Hello');
    givesUp.abort();
    await expect(settled).rejects.toThrow('abort');
  });

  it('send_times_out with a value: the caller is hung up on, and the message is held', async () => {
    const { meta } = await startWith({ send_times_out: { probability: 1, value: 10 } });
    await expect(call(meta, '/me/messages', toAda)).rejects.toThrow('fetch failed');
    expect(meta.world.conversations.first()?.messages.some(({ text }) => text === 'Hello')).toBe(true);
  });

  it('send_is_lost: the caller is hung up on, and nothing is held', async () => {
    const { meta } = await startWith({ send_is_lost: { probability: 1, value: 0 } });
    await expect(call(meta, '/me/messages', toAda)).rejects.toThrow('fetch failed');
    expect(meta.world.conversations.first()?.messages.some(({ fromBusiness }) => fromBusiness)).toBe(false);
  });

  it('send_times_out: stopping ends the wait', async () => {
    const { meta, callback } = await startWith({ send_times_out: always });
    const sending = call(meta, '/me/messages', toAda).catch((error: unknown) => error);
    await callback.next();
    await meta.stop();
    expect(await sending).toBeInstanceOf(TypeError);
  });
});

it('echo_before_answer: the echo is delivered before the send is answered', async () => {
  const { meta, callback } = await startWith({ echo_before_answer: always });
  const first = await Promise.race([
    callback.next().then(() => 'echo'),
    call(meta, '/me/messages', toAda).then(() => 'answer'),
  ]);
  expect(first).toBe('echo');
});

describe('slow_read', () => {
  it.each([
    [{ probability: 1 }, 90_000],
    [{ probability: 1, value: 30_000 }, 30_000],
  ])('%j takes its time of the clock', async (slow_read, tookMs) => {
    const { clock, scheduled } = watched();
    const { meta } = await startWith({ slow_read }, { clock });
    const startMs = clock.nowMs();
    const reading = call(meta, '/me/conversations?platform=instagram').then((answer) => ({
      status: answer.status,
      tookMs: clock.nowMs() - startMs,
    }));
    await scheduled;
    await clock.advance(tookMs);
    expect(await reading).toEqual({ status: 200, tookMs });
  });

  it('leaves sends and profiles alone', async () => {
    const { meta } = await startWith({ slow_read: always }, { clock: createClock({ startMs: 0 }) });
    expect((await call(meta, '/123456789?fields=name')).status).toBe(200);
    expect((await call(meta, '/me/messages', toAda)).status).toBe(200);
  });

  /** A clock that tells when somebody waits for it. */
  function watched() {
    const clock = createClock({ startMs: 1_760_000_000_000 });
    const { promise: scheduled, resolve } = Promise.withResolvers<void>();
    const schedule: Clock['schedule'] = (delayMs, task) => {
      const cancel = clock.schedule(delayMs, task);
      resolve();
      return cancel;
    };
    return { clock: { ...clock, schedule }, scheduled };
  }
});

describe('limits', () => {
  it.each([
    ['app_rate_limited', 4, undefined],
    ['user_rate_limited', 17, undefined],
    ['account_rate_limited', 613, 2534040],
  ] as const)('%s: %d, with the usage at 100', async (fault, code, subcode) => {
    const { meta } = await startWith({ [fault]: always });
    const { body, headers } = await call(meta, '/me/messages', toAda);
    expect(body).toMatchObject({ error: { code, ...(subcode ? { error_subcode: subcode } : {}) } });
    expect(JSON.parse(headers.get('x-app-usage') ?? '')).toMatchObject({ call_count: 100 });
    expect(JSON.parse(headers.get('x-business-use-case-usage') ?? '')).toMatchObject({
      [accountId]: [{ estimated_time_to_regain_access: 19 }],
    });
    expect(meta.world.conversations.list()[0]?.messages).toHaveLength(1);
  });

  it('a fault of one half strikes about half the calls, the same ones with the same seed', async () => {
    const faults = { app_rate_limited: { probability: 0.5 } };
    const runs = await Promise.all(
      ['a', 'a'].map(async (seed) => {
        const { meta } = await startWith(faults, { seed });
        const statuses: number[] = [];
        for (let i = 0; i < 40; i += 1) statuses.push((await call(meta, '/me')).status);
        return statuses;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    const struck = runs[0]?.filter((status) => status === 400).length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(32);
  });
});

it.each([
  [undefined, undefined],
  [{ probability: 1 }, 403],
  [{ probability: 1, value: 404 }, 404],
])('media_expired %j: its URL answers %s', async (media_expired, status) => {
  const { meta } = await startWith(media_expired ? { media_expired } : {});
  expect(expiredMediaStatus(meta.world)).toBe(status);
});
