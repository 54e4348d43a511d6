import { randomUUID } from 'node:crypto';
import { AccountState } from './account-state.ts';
import { AppSubscriptions } from './app-subscriptions.ts';
import { createClock, type MovableClock } from './clock.ts';
import { Comments } from './comments.ts';
import { createControlApi } from './control-api.ts';
import { Conversations } from './conversations.ts';
import { type Customers, createCustomers } from './customers.ts';
import { keepDelivered } from './delivered-messages.ts';
import { createDeliveries, type Deliveries, NoCallbackUrl } from './deliveries.ts';
import { createEcho } from './echoes.ts';
import { type FaultSettings, Faults } from './faults.ts';
import type { Login } from './graph-errors.ts';
import { type GraphCall, serveGraphApi } from './graph-server.ts';
import { type Handshake, shakeHands } from './handshake.ts';
import { newChallenge, newMid } from './ids.ts';
import { createMessenger, type Messenger } from './messenger.ts';
import { createOwner, type Owner } from './owner.ts';
import { seededRandom } from './random.ts';
import { RateLimits } from './rate-limits.ts';
import { defaultReadings, type Readings } from './readings.ts';
import { createRouting, type Routing } from './routing.ts';
import { fieldsOf, type WebhookField } from './webhook-updates.ts';
import type { Account, App, World } from './world.ts';

export type { GraphCall } from './graph-server.ts';

export interface StartMetaOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly account: Account;
  readonly app: App;
  /** The gateway's webhook, path included. */
  readonly callbackUrl?: string;
  /** The fields that are ticked for Instagram in the dashboard. Default all that the login offers. */
  readonly appFields?: readonly WebhookField[];
  /** Nobody has written yet. Default: the first customer just has. */
  readonly isEmpty?: boolean;
  /** Default `facebook`. */
  readonly login?: Login;
  /** The same seed and the same calls give the same deliveries. Absent: another one each time. */
  readonly seed?: string;
  /** Absent: this machine's, which can be moved ahead. */
  readonly clock?: MovableClock;
  readonly faults?: FaultSettings;
  /** What Meta's pages leave open; absent ones as `defaultReadings` has them. */
  readonly readings?: Partial<Readings>;
  /** Updates that come within this much simulated time share a delivery. Default 0: none do. */
  readonly batchWindowMs?: number;
  /** Deliveries on their way at a time. Default 16, and with a seed 1, so that they arrive in the same order. */
  readonly concurrency?: number;
}

export interface Meta {
  readonly url: string;
  /** The newest calls that could be read, oldest first, without their tokens. */
  readonly calls: readonly GraphCall[];
  readonly world: World;
  readonly customers: Customers;
  readonly deliveries: Deliveries;
  readonly routing: Routing;
  readonly messenger: Messenger;
  readonly owner: Owner;
  setCallbackUrl(url: string): void;
  /** "Verify and save": takes the address, and another verify token, when it passes the handshake. */
  verifyAndSave(url: string, verifyToken?: string): Promise<Handshake>;
  /** Delivers what the first customer wrote at start, if any. Tries a few times, and gives up in silence. */
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
  const readings = { ...defaultReadings, ...options.readings };
  const world: World = {
    account,
    app,
    login,
    clock,
    conversations,
    comments: new Comments(),
    state: new AccountState({ account, app, login, clock, random }),
    subscriptions: new AppSubscriptions({
      callbackUrl: options.callbackUrl,
      verifyToken: app.verifyToken,
      fields: options.appFields ?? fieldsOf(login),
    }),
    limits: new RateLimits(clock, readings.limitWindow),
    readings,
    faults,
    random,
    renamedEchoes: new Map(),
  };
  const firstMessage = {
    id: newMid(random),
    sentAtMs: clock.nowMs(),
    fromBusiness: false,
    text: 'Hello!',
  };
  if (!options.isEmpty) conversations.add(firstCustomer, firstMessage);

  const { subscriptions } = world;
  const { batchWindowMs = 0, concurrency = options.seed === undefined ? 16 : 1 } = options;
  const deliveries = createDeliveries(world, { batchWindowMs, concurrency });
  const messenger = createMessenger(world, deliveries);
  const customers = createCustomers(world, deliveries);
  customers.add(firstCustomer);
  const control = createControlApi({
    world,
    clock,
    customers,
    deliveries,
    messenger,
    verifyAndSave,
    deliver,
  });
  const echo = createEcho(world, deliveries);
  const server = await serveGraphApi(options.port ?? 0, world, echo, control.serve);

  function requireCallbackUrl(): string {
    const url = subscriptions.of('instagram')?.callbackUrl;
    if (url === undefined) throw new NoCallbackUrl();
    return url;
  }

  async function verifyAndSave(
    callbackUrl: string,
    verifyToken = subscriptions.of('instagram')?.verifyToken ?? app.verifyToken,
  ): Promise<Handshake> {
    const result = await shakeHands(callbackUrl, verifyToken, newChallenge(random), world.readings);
    if (result.ok) subscriptions.set('instagram', { callbackUrl, verifyToken, active: true });
    return result;
  }

  async function deliver(payload: unknown): Promise<{ readonly status: number }> {
    if (subscriptions.callbackUrlFor(payload) === undefined) throw new NoCallbackUrl();
    keepDelivered(conversations, payload);
    const { status } = await deliveries.post(payload);
    return { status };
  }

  return {
    url: server.url,
    calls: server.calls,
    world,
    customers,
    deliveries,
    routing: createRouting(world, deliveries),
    messenger,
    owner: createOwner(world, deliveries),
    setCallbackUrl(callbackUrl) {
      subscriptions.set('instagram', { callbackUrl });
    },
    verifyAndSave,
    async greet() {
      requireCallbackUrl();
      if (!options.isEmpty) await customers.tell(firstMessage.id);
    },
    async verifyCallback() {
      const { verifyToken = app.verifyToken } = subscriptions.of('instagram') ?? {};
      const url = requireCallbackUrl();
      const { ok } = await shakeHands(url, verifyToken, newChallenge(random), world.readings);
      return ok;
    },
    deliver,
    async stop() {
      clock.stop();
      control.stop();
      await Promise.all([server.close(), deliveries.stop()]);
    },
  };
}
