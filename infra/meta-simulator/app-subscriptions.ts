import { isRecord } from './graph-request.ts';

/** What an app can be told of, as far as it is simulated: Instagram, or the Page's own Messenger. */
export const subscribedObjects = ['instagram', 'page'] as const;
export type SubscribedObject = (typeof subscribedObjects)[number];

/** One object of the app's webhooks: what the App Dashboard shows under Webhooks. */
export interface AppSubscription {
  /** Undefined: none was given yet. */
  readonly callbackUrl: string | undefined;
  /** As typed beside the address. */
  readonly verifyToken: string;
  /** Those that are ticked. */
  readonly fields: readonly string[];
  readonly active: boolean;
  /** "Include values": off, the names of the fields alone are told. */
  readonly includeValues: boolean;
}

/** The app's layer of subscribing, above that of each account. An object that is not there is told nothing. */
export class AppSubscriptions {
  readonly #defaults: Readonly<Record<SubscribedObject, AppSubscription>>;
  readonly #byObject = new Map<SubscribedObject, AppSubscription>();

  /** Begins with the object `instagram`. */
  constructor(instagram: Pick<AppSubscription, 'callbackUrl' | 'verifyToken' | 'fields'>) {
    const common = { active: true, includeValues: true };
    this.#defaults = {
      instagram: { ...instagram, ...common },
      page: { ...instagram, ...common, callbackUrl: undefined, fields: ['messages', 'messaging_postbacks'] },
    };
    this.#byObject.set('instagram', this.#defaults.instagram);
  }

  of(object: SubscribedObject): AppSubscription | undefined {
    return this.#byObject.get(object);
  }

  list(): readonly (readonly [SubscribedObject, AppSubscription])[] {
    return [...this.#byObject];
  }

  /** Changes an object, or adds it with what a dashboard would begin with. */
  set(object: SubscribedObject, change: Partial<AppSubscription>): AppSubscription {
    const changed = { ...(this.of(object) ?? this.#defaults[object]), ...change };
    this.#byObject.set(object, changed);
    return changed;
  }

  remove(object: SubscribedObject): void {
    this.#byObject.delete(object);
  }

  /** The fields that are delivered; none while the object is not there or not active. */
  fieldsOf(object: SubscribedObject): readonly string[] {
    const found = this.of(object);
    return found?.active ? found.fields : [];
  }

  /** Where deliveries of an object go. What is neither is posted where Instagram's is. */
  callbackUrlFor(payload: unknown): string | undefined {
    const ofPage = objectOf(payload) === 'page' ? this.of('page')?.callbackUrl : undefined;
    return ofPage ?? this.of('instagram')?.callbackUrl;
  }
}

/** The object of a delivery. */
export function objectOf(payload: unknown): unknown {
  return isRecord(payload) ? payload.object : undefined;
}
