import { type Random, seededRandom } from './random.ts';

/** What Meta does on its bad days. Each strikes with a probability of its own. */
export const faultNames = [
  // Deliveries
  'duplicate_delivery',
  'reordered_deliveries',
  'delayed_delivery',
  'lost_delivery',
  'changes_envelope',
  'scoped_entry_id',
  'edit_instead_of_message',
  // Echoes
  'echo_before_answer',
  'no_echo',
  'echo_with_another_mid',
  // Sends that arrive all the same
  'send_times_out',
  'send_answers_500',
  'send_answers_1357046',
  // Sends that do not arrive, of which the caller hears nothing
  'send_is_lost',
  // Calls
  'token_refused',
  'app_rate_limited',
  'user_rate_limited',
  'account_rate_limited',
  'account_blocked',
  'slow_read',
  'broken_thread',
  'skewed_date',
  'media_expired',
] as const;

export type FaultName = (typeof faultNames)[number];

export interface FaultSetting {
  /** From 0 to 1. */
  readonly probability: number;
  /** What some faults need to know: a delay in ms, when a caller is hung up on, the subcode of a token. */
  readonly value?: number;
  /** Whose thread breaks; absent: the first customer's. */
  readonly customerId?: string;
}

export type FaultSettings = Partial<Record<FaultName, FaultSetting>>;

/** Draws for each fault from a stream of its own, so that a run repeats exactly with its seed. */
export class Faults {
  readonly #settings = new Map<FaultName, FaultSetting>();
  readonly #streams = new Map<FaultName, Random>();
  readonly #seed: string;

  constructor(seed: string, settings: FaultSettings = {}) {
    this.#seed = seed;
    for (const name of faultNames) {
      const setting = settings[name];
      if (setting) this.set(name, setting);
    }
  }

  /** Throws RangeError when the probability is none. */
  set(name: FaultName, setting: FaultSetting): void {
    if (!(setting.probability >= 0 && setting.probability <= 1)) {
      throw new RangeError(`The probability of ${name} must be from 0 to 1, not ${setting.probability}`);
    }
    this.#settings.set(name, setting);
  }

  all(): FaultSettings {
    return Object.fromEntries(this.#settings);
  }

  /** The fault's setting when it strikes now. A fault that is off draws nothing. */
  strikes(name: FaultName): FaultSetting | undefined {
    const setting = this.#settings.get(name);
    if (!setting || setting.probability === 0) return undefined;
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = seededRandom(this.#seed, `fault ${name}`);
      this.#streams.set(name, stream);
    }
    return stream.chance(setting.probability) ? setting : undefined;
  }
}
