import { randomUUID } from 'node:crypto';
import { AccountState } from './account-state.ts';
import { createClock, type MovableClock } from './clock.ts';
import { Comments } from './comments.ts';
import { createControlApi } from './control-api.ts';
import { Conversations } from './conversations.ts';
import { keepDelivered } from './delivered-messages.ts';
import { type FaultSettings, Faults } from './faults.ts';
import type { Login } from './graph-errors.ts';
import { type GraphCall, serveGraphApi } from './graph-server.ts';
import { newChallenge, newMid } from './ids.ts';
import { seededRandom } from './random.ts';
import { RateLimits } from './rate-limits.ts';
import { defaultReadings, type Readings } from './readings.ts';
import type { SentMessage } from './send-message.ts';
import { createCustomers, createDeliveries } from './simulated-parts.ts';
import { messagingDelivery } from './webhook-payloads.ts';
import { postWebhook, postWebhookWithRetries, verifyCallback } from './webhook-sender.ts';
import type { Account, App, World } from './world.ts';

export type { GraphCall } from './graph-server.ts';

export interface StartMetaOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly account: Account;
  readonly app: App;
  /** The gateway's webhook, path included. */
  readonly callbackUrl?: string;
  /** Default `facebook`. */
  readonly login?: Login;
  /** The same seed and the same calls give the same deliveries. Absent: another one each time. */
  readonly seed?: string;
  /** Absent: this machine's, which can be moved ahead. */
  readonly clock?: MovableClock;
  readonly faults?: FaultSettings;
  /** What Meta's pages leave open; absent ones as `defaultReadings` has them. */
  readonly readings?: Partial<Readings>;
}

export interface Meta {
  readonly url: string;
  /** The newest calls that could be read, oldest first, without their tokens. */
  readonly calls: readonly GraphCall[];
  readonly world: World;
  setCallbackUrl(url: string): void;
  /** Delivers what the first customer wrote at start. Tries a few times, and gives up in silence. */
  greet(): Promise<void>;
  /** Makes the handshake with the callback URL: whether it answered 200 and the challenge. */
  verifyCallback(): Promise<boolean>;
  /**
   * Keeps the messages of a payload as written and posts it, signed, once. Rejects when there is no callback
   * URL or nobody answers there.
   */
  deliver(payload: unknown): Promise<{ readonly status: number }>;
  stop(): Promise<void>;
}

/** A customer who wrote when the simulator started, so that a first send has somebody to reach. */
export const firstCustomer = { id: '123456789', username: 'ada', name: 'Ada' } as const;

/** A fake Meta on 127.0.0.1: the Graph API of one account, and the sender of its webhooks. */
export async function startMeta(options: StartMetaOptions): Promise<Meta> {
  const { account, app, login = 'facebook', seed = randomUUID(), clock = createClock() } = options;
  const conversations = new Conversations(account.id);
  const random = seededRandom(seed, 'ids');
  const faults = new Faults(seed, options.faults);
  const world: World = {
    account,
    app,
    login,
    clock,
    conversations,
    comments: new Comments(),
    state: new AccountState({ account, app, login, clock, random }),
    limits: new RateLimits(clock),
    readings: { ...defaultReadings, ...options.readings },
    faults,
    random,
  };
  const firstMessage = {
    id: newMid(random),
    sentAtMs: clock.nowMs(),
    fromBusiness: false,
    text: 'Hello!',
  };
  conversations.add(firstCustomer, firstMessage);

  const stopped = new AbortController();
  const echoes = new Set<Promise<void>>();
  let callbackUrl = options.callbackUrl;

  const deliveries = createDeliveries(
    async (payload) => postWebhook(requireCallbackUrl(), JSON.stringify(payload), app.secret, stopped.signal),
    world,
  );
  const customers = createCustomers(world, deliveries, firstCustomer);
  const control = createControlApi({
    world,
    clock,
    customers,
    deliveries,
    callback: {
      get url() {
        return callbackUrl;
      },
      set(url) {
        callbackUrl = url;
      },
      verify,
    },
    deliver,
  });
  const server = await serveGraphApi(options.port ?? 0, world, echo, control.serve);

  function echo(sent: SentMessage): void {
    if (callbackUrl === undefined) return;
    const { id: mid, text } = sent.message;
    const json = JSON.stringify(
      messagingDelivery(account.id, {
        sender: { id: account.id },
        recipient: { id: sent.customer.id },
        timestamp: sent.message.sentAtMs,
        message: { mid, text, is_echo: true },
      }),
    );
    const posted = postWebhookWithRetries(callbackUrl, json, app.secret, stopped.signal);
    echoes.add(posted);
    void posted.finally(() => echoes.delete(posted));
  }

  function requireCallbackUrl(): string {
    if (callbackUrl === undefined) throw new Error('The simulated Meta has no callback URL.');
    return callbackUrl;
  }

  async function verify(): Promise<boolean> {
    const challenge = newChallenge(random);
    const { status, body } = await verifyCallback(requireCallbackUrl(), app.verifyToken, challenge);
    return status === 200 && body === challenge;
  }

  async function deliver(payload: unknown): Promise<{ readonly status: number }> {
    const url = requireCallbackUrl();
    keepDelivered(conversations, payload);
    const { status } = await postWebhook(url, JSON.stringify(payload), app.secret, stopped.signal);
    return { status };
  }

  return {
    url: server.url,
    calls: server.calls,
    world,
    setCallbackUrl(url) {
      callbackUrl = url;
    },
    async greet() {
      const json = JSON.stringify(
        messagingDelivery(account.id, {
          sender: { id: firstCustomer.id },
          recipient: { id: account.id },
          timestamp: firstMessage.sentAtMs,
          message: { mid: firstMessage.id, text: firstMessage.text },
        }),
      );
      await postWebhookWithRetries(requireCallbackUrl(), json, app.secret, stopped.signal);
    },
    verifyCallback: verify,
    deliver,
    async stop() {
      stopped.abort();
      control.stop();
      clock.stop();
      await Promise.all([server.close(), ...echoes]);
    },
  };
}
