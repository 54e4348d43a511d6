import { expect, test } from 'vitest';
import type { SettingValues } from '../../../infra/local/configuration.ts';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import type { StatusView } from '../../../shared/account/status-shape.ts';
import { deploy } from './deployed.ts';
import { accountId, facebookFlags, metaApp, openShop, type Shop, verifyToken } from './fixture.ts';

const minuteMs = 60_000;
const customer = { id: '4242', username: 'ada' };
/** A process reads a secret anew once a minute at most. */
const patience = { timeout: 100_000, interval: 1_000 };
const testTimeoutMs = 180_000;

/** A gateway to which Meta delivers what the customer writes. */
async function running(shop: Shop, settings: SettingValues) {
  const { gateway, env } = await deploy(shop, {
    schedulePeriodMs: 2_000,
    settings: {
      APP_ID: metaApp.id,
      APP_SECRET: metaApp.secret,
      WEBHOOK_VERIFY_TOKEN: verifyToken,
      ...settings,
    },
  });
  await shop.meta.verifyAndSave(`${gateway.url}/api/webhook`);
  shop.meta.customers.add(customer);
  const api = async (path: string, init: RequestInit = {}) => {
    const headers = {
      authorization: `Bearer ${gateway.apiKey}`,
      ...(init.headers as Record<string, string>),
    };
    const response = await fetch(`${gateway.url}${path}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as { data: unknown } };
  };
  const stored = async (direction: 'in' | 'out') => {
    const { body } = await api(`/api/conversations/${accountId}.${customer.id}/messages?limit=100`);
    const messages = (body.data ?? []) as { direction: string; text: string }[];
    return messages.filter((each) => each.direction === direction).map(({ text }) => text);
  };
  return {
    env,
    writes: (text: string) => shop.meta.customers.write(customer.id, { text }),
    received: async () => (await stored('in')).toSorted(),
    /** @returns the status: 202 once it is kept. */
    send: async (message: string) => {
      const { status } = await api('/api/send-message', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          prefer: 'respond-async',
          'idempotency-key': message.replaceAll(' ', '-'),
        },
        body: JSON.stringify({ recipient_id: customer.id, message }),
      });
      return status;
    },
    findings: async () =>
      ((await api('/api/status')).body.data as StatusView).findings.map(({ code }) => code),
  };
}

const arrived = (shop: Shop) =>
  (shop.meta.world.conversations.withCustomer(customer.id)?.messages ?? [])
    .filter(({ fromBusiness }) => fromBusiness)
    .map(({ text = '' }) => text)
    .toSorted();

test(
  'a token that Meta refuses: told within a schedule, messages come in, sends wait for the next one',
  async () => {
    const clock = createClock();
    const shop = await openShop({ clock });
    const { tokens } = shop.meta.world.state;
    const ending = tokens.issuePageToken({ expiresAtMs: clock.nowMs() + minuteMs }).value;
    const { env, writes, received, send, findings } = await running(shop, { PAGE_ACCESS_TOKEN: ending });
    writes('before');
    await expect.poll(received, patience).toEqual(['before']);
    expect(await send('sent before')).toBe(202);
    await expect.poll(() => arrived(shop), patience).toEqual(['sent before']);
    expect(await findings()).not.toContain('token_expired');

    await clock.advance(2 * minuteMs);
    await expect.poll(findings, patience).toContain('token_expired');
    writes('meanwhile');
    await expect.poll(received, patience).toEqual(['before', 'meanwhile']);
    expect(await send('sent meanwhile')).toBe(202);
    await expect
      .poll(() => shop.meta.calls.filter(({ path }) => path.endsWith('/messages')).length, patience)
      .toBeGreaterThan(1);
    expect(arrived(shop)).toEqual(['sent before']);

    const user = tokens.issueShortLived('user').value;
    await shop.connect([...facebookFlags(user), '--stage', 'test', '--wait', '0'], env);
    await expect.poll(findings, patience).not.toContain('token_expired');
    await expect.poll(() => arrived(shop), patience).toEqual(['sent before', 'sent meanwhile']);
  },
  testTimeoutMs,
);

test(
  'an app secret that its owner resets, of an app that wants proof: nothing is lost, nothing sent twice',
  async () => {
    const clock = createClock();
    const shop = await openShop({ clock });
    const { state, account } = shop.meta.world;
    state.set({ requireProof: true });
    const { env, writes, received, send, findings } = await running(shop, {
      PAGE_ACCESS_TOKEN: account.accessToken,
      APPSECRET_PROOF: 'on',
    });
    writes('1');
    await expect.poll(received, patience).toEqual(['1']);
    expect(await send('one')).toBe(202);
    await expect.poll(() => arrived(shop), patience).toEqual(['one']);

    state.resetAppSecret('the-secret-of-after');
    writes('2');
    expect(await send('two')).toBe(202);
    await expect.poll(findings, patience).toContain('proof_refused');
    expect(arrived(shop)).toEqual(['one']);

    const flags = ['--login', 'facebook', '--app-id', metaApp.id, '--app-secret', 'the-secret-of-after'];
    await shop.connect([...flags, '--stage', 'test', '--wait', '0'], env);
    writes('3');
    expect(await send('three')).toBe(202);
    await expect.poll(() => arrived(shop), patience).toEqual(['one', 'three', 'two']);
    // Meta comes again with what was signed before the gateway knew by which secret.
    await expect
      .poll(async () => {
        await clock.advance(minuteMs);
        return received();
      }, patience)
      .toEqual(['1', '2', '3']);
    expect(await findings()).not.toContain('proof_refused');
  },
  testTimeoutMs,
);
