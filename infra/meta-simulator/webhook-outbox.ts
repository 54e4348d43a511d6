import { kindsOf } from './delivery-kinds.ts';
import type { DeliveryChange, DeliveryLog, DeliveryRecord } from './delivery-record.ts';
import { Lanes } from './lanes.ts';
import { retrySchedule } from './retry-schedule.ts';
import { type WebhookAnswer, WebhookConnections } from './webhook-connections.ts';
import { webhookHeaders } from './webhook-headers.ts';
import { WebhookHealth } from './webhook-health.ts';
import { escapeNonAscii } from './webhook-sender.ts';
import type { World } from './world.ts';

export interface OutboxOptions {
  /** Posts at a time. Only 1 gives the same order of arrival each time. */
  readonly concurrency: number;
}

/** A delivery with what is needed to post it; its record changes with each try. */
interface Posting {
  record: DeliveryRecord;
  cancel?: () => void;
}

/** Retries waiting at a time; a receiver that is down for long loses what comes beyond. */
const maxWaiting = 10_000;

/** Posts deliveries, and posts them again as Meta does until they are taken. */
export class Outbox {
  readonly health: WebhookHealth;
  readonly #world: World;
  readonly #log: DeliveryLog;
  readonly #connections: WebhookConnections;
  readonly #lanes: Lanes;
  readonly #waiting = new Set<Posting>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;

  constructor(world: World, log: DeliveryLog, options: OutboxOptions) {
    this.#world = world;
    this.#log = log;
    this.#connections = new WebhookConnections(options.concurrency);
    this.#lanes = new Lanes(options.concurrency);
    this.health = new WebhookHealth(world, () => this.#dropWaiting());
  }

  record(payload: unknown, state: DeliveryRecord['state']): DeliveryRecord {
    const { clock } = this.#world;
    const bytes = JSON.stringify(payload).length;
    return this.#log.add({ atMs: clock.nowMs(), kinds: kindsOf(payload), payload, tries: 0, state }, bytes);
  }

  /** Posts until it is taken or given up. Resolves after the immediate tries. */
  send(record: DeliveryRecord): Promise<void> {
    return this.#run({ record });
  }

  /** Posts after this much simulated time; `first` ends the wait early. */
  sendLater(record: DeliveryRecord, delayMs: number): { readonly first: () => Promise<void> } {
    const posting: Posting = { record };
    this.#wait(posting, delayMs);
    return { first: () => (this.#endWait(posting) ? this.#run(posting) : Promise.resolve()) };
  }

  /**
   * Posts once, instead of a retry that waits, and keeps the account's health out of it. Rejects when there is
   * no answer.
   */
  async post(url: string, record: DeliveryRecord): Promise<WebhookAnswer> {
    for (const waiting of this.#waiting) if (waiting.record.id === record.id) this.#endWait(waiting);
    const posting: Posting = { record };
    const failed = record.state === 'waiting' ? 'dropped' : record.state;
    try {
      const answer = await this.#lanes.run(() => this.#post(url, posting));
      const { status } = answer;
      this.#change(posting, { status, state: status === 200 ? 'delivered' : failed });
      return answer;
    } catch (error) {
      this.#change(posting, { status: undefined, state: failed });
      throw error;
    }
  }

  /** Resolves when nothing is on its way; what waits for the clock is not. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#dropWaiting();
    this.health.stop();
    this.#connections.close();
    await this.settled();
  }

  #run(posting: Posting): Promise<void> {
    const running = this.#lanes.run(() => this.#tryNow(posting));
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  /** False when it no longer waits. */
  #endWait(posting: Posting): boolean {
    posting.cancel?.();
    return this.#waiting.delete(posting);
  }

  async #tryNow(posting: Posting): Promise<void> {
    const { waitsMs } = retrySchedule(this.#world.readings);
    for (;;) {
      // Asked before each post, so that retries follow a new address.
      const url = this.#world.subscriptions.callbackUrlFor(posting.record.payload);
      if (url === undefined || this.#isStopped || !this.health.isSubscribed) {
        this.#change(posting, { state: 'dropped', nextTryAtMs: undefined });
        return;
      }
      const status = await this.#post(url, posting).then(
        (answer) => answer.status,
        () => undefined,
      );
      this.health.answered(status === 200);
      const waitMs = waitsMs[posting.record.tries - 1];
      if (status === 200 || waitMs === undefined) {
        this.#change(posting, { status, state: status === 200 ? 'delivered' : 'dropped' });
        return;
      }
      this.#change(posting, { status });
      if (waitMs > 0) {
        this.#wait(posting, waitMs);
        return;
      }
    }
  }

  async #post(url: string, posting: Posting): Promise<WebhookAnswer> {
    const body = Buffer.from(escapeNonAscii(JSON.stringify(posting.record.payload)), 'latin1');
    const headers = webhookHeaders(body, posting.record.payload, this.#world);
    const startedAtMs = performance.now();
    try {
      const deadlineMs = this.#world.readings.answerDeadlineMs;
      return await this.#connections.call({ method: 'POST', url, headers, body, deadlineMs });
    } finally {
      const tookMs = Math.round(performance.now() - startedAtMs);
      posting.record = { ...posting.record, tries: posting.record.tries + 1, tookMs };
    }
  }

  #wait(posting: Posting, delayMs: number): void {
    if (this.#isStopped || this.#waiting.size >= maxWaiting) {
      this.#change(posting, { state: 'dropped' });
      return;
    }
    this.#waiting.add(posting);
    this.#change(posting, { state: 'waiting', nextTryAtMs: this.#world.clock.nowMs() + delayMs });
    posting.cancel = this.#world.clock.schedule(delayMs, () => {
      this.#waiting.delete(posting);
      return this.#run(posting);
    });
  }

  #dropWaiting(): void {
    for (const posting of this.#waiting) {
      this.#endWait(posting);
      this.#change(posting, { state: 'dropped' });
    }
  }

  #change(posting: Posting, change: DeliveryChange): void {
    posting.record = this.#log.change(posting.record, { status: posting.record.status, ...change });
  }
}
