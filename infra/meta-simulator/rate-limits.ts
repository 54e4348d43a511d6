import type { Clock } from './clock.ts';

const partsOfSliding = 50;
const forgetAbove = 1000;

/** Over the last `windowMs`, to a fiftieth of it; or since the clock last passed a multiple of it. */
export type WindowKind = 'sliding' | 'aligned';

class WindowCount {
  readonly #parts: number;
  readonly #partMs: number;
  readonly #counts = new Map<number, number>();
  #total = 0;

  constructor(windowMs: number, kind: WindowKind) {
    this.#parts = kind === 'sliding' ? partsOfSliding : 1;
    this.#partMs = windowMs / this.#parts;
  }

  add(nowMs: number): number {
    const part = Math.floor(nowMs / this.#partMs);
    this.#counts.set(part, (this.#counts.get(part) ?? 0) + 1);
    this.#total += 1;
    return this.total(nowMs);
  }

  total(nowMs: number): number {
    const oldest = Math.floor(nowMs / this.#partMs) - this.#parts;
    for (const [part, count] of this.#counts) {
      if (part > oldest) break;
      this.#counts.delete(part);
      this.#total -= count;
    }
    return this.#total;
  }
}

/** Counts by bucket. A refused call counts as well, so that calling on while throttled lengthens it. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, WindowCount>();

  readonly #kind: WindowKind;

  constructor(clock: Clock, kind: WindowKind) {
    this.#clock = clock;
    this.#kind = kind;
  }

  /** Counts one call: whether it stays within the limit. */
  take(bucket: string, limit: number, windowMs: number): boolean {
    return this.#bucket(bucket, windowMs).add(this.#clock.nowMs()) <= limit;
  }

  count(bucket: string, windowMs: number): number {
    return this.#bucket(bucket, windowMs).total(this.#clock.nowMs());
  }

  /** How many are remembered. */
  get buckets(): number {
    return this.#buckets.size;
  }

  #bucket(name: string, windowMs: number): WindowCount {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      this.#forgetIdle();
      bucket = new WindowCount(windowMs, this.#kind);
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  /** Each thread has a bucket of its own; without this they would pile up. */
  #forgetIdle(): void {
    if (this.#buckets.size < forgetAbove) return;
    for (const [name, bucket] of this.#buckets) {
      if (bucket.total(this.#clock.nowMs()) === 0) this.#buckets.delete(name);
    }
  }
}
