/** Runs a bounded number of tasks at a time, beginning them in the order in which they came. */
export class Lanes {
  readonly #count: number;
  #running = 0;
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(count: number) {
    this.#count = count;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      this.#passOn();
    }
  }

  /** The place goes straight to whoever waits longest, so that nobody comes between. */
  #passOn(): void {
    const resolve = this.#waiting[this.#next];
    if (!resolve) {
      this.#running -= 1;
      this.#waiting = [];
      this.#next = 0;
      return;
    }
    this.#next += 1;
    if (this.#next > 1024 && this.#next * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    resolve();
  }
}
