import type { ThreadEntry } from './graph-threads.ts';

/** A conversation that is looked at again though it need not change. */
export interface WaitingThread extends ThreadEntry {
  /** How often it could not be read; 0 where its newest messages were too fresh to be judged. */
  readonly tries: number;
  /** In ms; a change at Meta, or the owner's command, does not wait for it. */
  readonly notBeforeMs: number;
}

/** A webhook that takes longer is taken for lost. */
export const freshMs = 60_000;
/** After so many tries, messages that still cannot be read are stated as gaps. */
export const maxTries = 4;
const firstPauseMs = 5 * 60_000;
const longestPauseMs = 24 * 60 * 60_000;

/**
 * The conversations that are looked at again. One that could not be read comes last in each run, after longer and
 * longer pauses: it may take minutes, and the others must not wait for it.
 */
export class WaitingThreads {
  readonly #waiting: Map<string, WaitingThread>;
  readonly #isEager: boolean;

  /** @param isEager whether nobody waits for the end of a pause */
  constructor(waiting: readonly WaitingThread[], isEager: boolean) {
    this.#waiting = new Map(waiting.map((each) => [each.id, each]));
    this.#isEager = isEager;
  }

  all(): readonly WaitingThread[] {
    return [...this.#waiting.values()];
  }

  triesOf(threadId: string): number {
    return this.#waiting.get(threadId)?.tries ?? 0;
  }

  /** Whether a listed conversation is to be left to the end of the run, or to a later one. */
  isPutOff(listed: ThreadEntry, nowMs: number): boolean {
    const waiting = this.#waiting.get(listed.id);
    return waiting !== undefined && (waiting.tries > 0 || !this.isDue(waiting, listed, nowMs));
  }

  isDue(waiting: WaitingThread, listed: ThreadEntry | undefined, nowMs: number): boolean {
    const hasChanged = listed !== undefined && listed.updatedTime !== waiting.updatedTime;
    return this.#isEager || hasChanged || waiting.notBeforeMs <= nowMs;
  }

  isDone(threadId: string): void {
    this.#waiting.delete(threadId);
  }

  isTooFresh(entry: ThreadEntry, nowMs: number): void {
    this.#waiting.set(entry.id, { ...entry, tries: 0, notBeforeMs: nowMs + freshMs });
  }

  /** The second try comes with the next run. */
  hasFailed(entry: ThreadEntry, nowMs: number): void {
    const tries = this.triesOf(entry.id) + 1;
    const pauseMs = tries === 1 ? 0 : Math.min(firstPauseMs * 2 ** (tries - 2), longestPauseMs);
    this.#waiting.set(entry.id, { ...entry, tries, notBeforeMs: nowMs + pauseMs });
  }
}
