import type { Clock } from './clock.ts';

const dayMs = 24 * 60 * 60 * 1000;
const typingMs = 20_000;

export interface Thread {
  /** The app that took or was passed control; it loses it after a day in which nobody writes. */
  readonly ownerAppId?: string;
  readonly controlledSinceMs?: number;
  /** The customer has blocked the business. */
  readonly isBlocked?: boolean;
  /** Requests holds who writes first and is not followed, until the business answers. */
  readonly folder?: 'general' | 'requests';
  /** Until when the customer sees the business typing. */
  readonly typingUntilMs?: number;
  /** When the business last marked the thread as seen. */
  readonly seenAtMs?: number;
}

/** What Meta knows of each customer's thread besides its messages. */
export class Threads {
  readonly #clock: Clock;
  readonly #byCustomer = new Map<string, Thread>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(customerId: string): Thread {
    return this.#byCustomer.get(customerId) ?? {};
  }

  set(customerId: string, change: Thread): void {
    this.#byCustomer.set(customerId, { ...this.of(customerId), ...change });
  }

  /** Gives the thread to an app, or to none. */
  passTo(customerId: string, appId: string | undefined): void {
    const { ownerAppId: _, controlledSinceMs: __, ...thread } = this.of(customerId);
    this.#byCustomer.set(
      customerId,
      appId === undefined ? thread : { ...thread, ownerAppId: appId, controlledSinceMs: this.#clock.nowMs() },
    );
  }

  /**
   * The app that may send: who holds the thread while it is active, and the default app when nobody does.
   * Undefined: every connected app may.
   * https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/conversation-routing
   */
  mayBeAnsweredBy(
    customerId: string,
    lastWroteAtMs: number | undefined,
    defaultAppId: string | undefined,
  ): string | undefined {
    const { ownerAppId, controlledSinceMs = 0 } = this.of(customerId);
    const lastActiveMs = Math.max(controlledSinceMs, lastWroteAtMs ?? 0);
    const isActive = this.#clock.nowMs() - lastActiveMs <= dayMs;
    return (isActive ? ownerAppId : undefined) ?? defaultAppId;
  }

  types(customerId: string, isTyping: boolean): void {
    this.set(customerId, { typingUntilMs: isTyping ? this.#clock.nowMs() + typingMs : this.#clock.nowMs() });
  }

  sees(customerId: string): void {
    this.set(customerId, { seenAtMs: this.#clock.nowMs() });
  }
}
