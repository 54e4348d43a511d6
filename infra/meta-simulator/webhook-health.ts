import { alertAfterMs, retrySchedule } from './retry-schedule.ts';
import type { World } from './world.ts';

/** What Meta writes to the app's developers. */
export interface DeveloperAlert {
  readonly atMs: number;
  readonly kind: 'webhooks_failing' | 'webhooks_disabled';
}

/**
 * Whether the receiver takes what is delivered. After an hour without one success the account is unsubscribed,
 * and stays so until somebody subscribes it again.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
 */
export class WebhookHealth {
  readonly #world: World;
  readonly #onDisabled: () => void;
  readonly #alerts: DeveloperAlert[] = [];
  #cancels: (() => void)[] = [];
  #isFailing = false;

  constructor(world: World, onDisabled: () => void) {
    this.#world = world;
    this.#onDisabled = onDisabled;
  }

  get isSubscribed(): boolean {
    return this.#world.state.subscribedFields !== undefined;
  }

  get alerts(): readonly DeveloperAlert[] {
    return this.#alerts;
  }

  answered(isTaken: boolean): void {
    if (isTaken) {
      this.stop();
      return;
    }
    if (this.#isFailing) return;
    this.#isFailing = true;
    const { clock, readings } = this.#world;
    const { disabledAfterMs } = retrySchedule(readings);
    if (disabledAfterMs === undefined) return;
    this.#cancels = [
      clock.schedule(alertAfterMs, () => this.#alert('webhooks_failing')),
      clock.schedule(disabledAfterMs, () => this.#disable()),
    ];
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#isFailing = false;
  }

  #disable(): void {
    this.stop();
    this.#alert('webhooks_disabled');
    this.#world.state.unsubscribe();
    this.#onDisabled();
  }

  #alert(kind: DeveloperAlert['kind']): void {
    this.#alerts.push({ atMs: this.#world.clock.nowMs(), kind });
  }
}
