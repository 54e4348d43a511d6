import { type DeliveryListener, DeliveryLog, type DeliveryRecord } from './delivery-record.ts';
import type { WebhookAnswer } from './webhook-connections.ts';
import { struck } from './webhook-faults.ts';
import type { DeveloperAlert } from './webhook-health.ts';
import { Outbox, type OutboxOptions } from './webhook-outbox.ts';
import { envelope, type Outgoing } from './webhook-payloads.ts';
import { isTold } from './webhook-reach.ts';
import type { Update } from './webhook-updates.ts';
import type { World } from './world.ts';

export interface DeliveriesOptions extends OutboxOptions {
  /** Updates that come within this much simulated time share a POST. Default 0: each POST holds one `queue`. */
  readonly batchWindowMs?: number;
}

/** The delivery is not held, or no longer. */
export class UnknownDelivery extends Error {
  override readonly name = 'UnknownDelivery';
}

/** There is no callback URL to deliver to. */
export class NoCallbackUrl extends Error {
  override readonly name = 'NoCallbackUrl';

  constructor() {
    super('The simulated Meta has no callback URL.');
  }
}

/**
 * Meta's webhook sender. Neither the order nor a single arrival of an update is guaranteed, as with Meta.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export interface Deliveries {
  /** Delivers what is subscribed, with the faults that strike. */
  queue(updates: Update | readonly Update[]): void;
  /** The same without batching; resolves when the receiver answered or the immediate tries failed. */
  now(updates: Update | readonly Update[]): Promise<void>;
  /** Delivers a payload as it is until it is taken, whatever is subscribed. */
  queuePayload(payload: unknown): void;
  /**
   * Posts a payload as it is, once, whatever is subscribed. Rejects with NoCallbackUrl, or when nobody answers.
   */
  post(payload: unknown): Promise<WebhookAnswer>;
  /** Posts a delivery's bytes once more. Rejects with UnknownDelivery, NoCallbackUrl, or without an answer. */
  resend(id: string): Promise<WebhookAnswer>;
  /** The newest, oldest first. */
  readonly record: readonly DeliveryRecord[];
  /** Told of each delivery and of each change of one. Returns what ends it. */
  subscribe(listener: DeliveryListener): () => void;
  /** Whether the account is subscribed; Meta ends it after an hour of failure. */
  subscribed: boolean;
  /** The app's own choice for Instagram, which holds for every account. Default all that the login offers. */
  fields: readonly string[];
  /** The dashboard's "Include values". */
  includeValues: boolean;
  readonly alerts: readonly DeveloperAlert[];
  /** Resolves when nothing is on its way; what waits for the clock is not. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Meta puts no more into one POST. */
const maxBatch = 1000;
/** A delivery that shall be overtaken goes alone when none comes within this time. */
const overtakenWithinMs = 5000;
const defaultDelayMs = 60_000;

export function createDeliveries(world: World, options: DeliveriesOptions): Deliveries {
  const { clock, faults, state, readings, subscriptions } = world;
  const log = new DeliveryLog();
  const outbox = new Outbox(world, log, options);
  const { batchWindowMs = 0 } = options;
  let batch: Outgoing[] = [];
  let cancelBatch: (() => void) | undefined;
  let overtaken: { readonly first: () => Promise<void> } | undefined;

  function outgoing(updates: Update | readonly Update[]): readonly Outgoing[] {
    return [updates].flat().flatMap((update) => {
      if (!isTold(update, world)) return [];
      const told = struck(update, world);
      if (told) return told;
      outbox.record(payloadOf([{ ...update, entryId: world.account.id }]), 'lost');
      return [];
    });
  }

  function payloadOf(updates: readonly Outgoing[]): unknown {
    const flatComments = readings.commentEnvelope === 'flat';
    const { includeValues = true } = subscriptions.of('instagram') ?? {};
    return envelope(updates, { atMs: clock.nowMs(), includeValues, flatComments });
  }

  async function deliver(updates: readonly Outgoing[]): Promise<void> {
    if (updates.length === 0) return;
    const payload = payloadOf(updates);
    if (faults.strikes('lost_delivery')) {
      outbox.record(payload, 'lost');
      return;
    }
    const record = outbox.record(payload, 'waiting');
    const delayed = faults.strikes('delayed_delivery');
    const isOvertaken = faults.strikes('reordered_deliveries') !== undefined && !overtaken;
    const isTwice = faults.strikes('duplicate_delivery') !== undefined;
    const sent: Promise<void>[] = [];
    if (delayed) outbox.sendLater(record, delayed.value ?? defaultDelayMs);
    else if (isOvertaken) overtaken = outbox.sendLater(record, overtakenWithinMs);
    else sent.push(outbox.send(record), overtake());
    if (isTwice) sent.push(outbox.send(outbox.record(payload, 'waiting')));
    await Promise.all(sent);
  }

  function overtake(): Promise<void> {
    const waiting = overtaken;
    overtaken = undefined;
    return waiting?.first() ?? Promise.resolve();
  }

  function flush(): Promise<void> {
    cancelBatch?.();
    cancelBatch = undefined;
    const updates = batch;
    batch = [];
    return deliver(updates);
  }

  function collect(updates: readonly Outgoing[]): void {
    for (const update of updates) {
      batch.push(update);
      if (batch.length >= maxBatch) void flush();
    }
    if (batch.length > 0) cancelBatch ??= clock.schedule(batchWindowMs, flush);
  }

  function requireCallbackUrl(payload: unknown): string {
    const url = subscriptions.callbackUrlFor(payload);
    if (url === undefined) throw new NoCallbackUrl();
    return url;
  }

  return {
    queue(updates) {
      if (batchWindowMs > 0) collect(outgoing(updates));
      else void deliver(outgoing(updates));
    },
    now: (updates) => deliver(outgoing(updates)),
    queuePayload(payload) {
      void outbox.send(outbox.record(payload, 'waiting'));
    },
    async post(payload) {
      const url = requireCallbackUrl(payload);
      return outbox.post(url, outbox.record(payload, 'waiting'));
    },
    async resend(id) {
      const record = log.find(id);
      if (!record) throw new UnknownDelivery(`There is no delivery ${id}, or it is no longer kept.`);
      return outbox.post(requireCallbackUrl(record.payload), record);
    },
    get record() {
      return log.list();
    },
    subscribe: (listener) => log.listen(listener),
    get subscribed() {
      return outbox.health.isSubscribed;
    },
    set subscribed(isSubscribed) {
      if (!isSubscribed) state.unsubscribe();
      else if (!outbox.health.isSubscribed) state.subscribe(['messages']);
    },
    get fields() {
      return subscriptions.fieldsOf('instagram');
    },
    set fields(fields) {
      subscriptions.set('instagram', { fields });
    },
    get includeValues() {
      return subscriptions.of('instagram')?.includeValues ?? true;
    },
    set includeValues(includeValues) {
      subscriptions.set('instagram', { includeValues });
    },
    get alerts() {
      return outbox.health.alerts;
    },
    settled: () => outbox.settled(),
    async stop() {
      cancelBatch?.();
      await outbox.stop();
    },
  };
}
