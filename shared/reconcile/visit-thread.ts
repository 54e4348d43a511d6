import { log } from '../runtime/log.ts';
import { endsReading } from './budgeted-graph.ts';
import type { GraphThreads, ThreadEntry } from './graph-threads.ts';
import type { ProgressStore } from './progress-store.ts';
import { OutOfTimeError, type ReconcileParts } from './reconcile-parts.ts';
import type { Look, ReconcileLock, ReconcileStore } from './reconcile-store.ts';
import { reconcileThread } from './reconcile-thread.ts';
import type { Tally } from './tally.ts';
import { maxTries, type WaitingThreads } from './waiting-threads.ts';

export interface ChangedOptions {
  /** Every conversation, changed or not, and all that lies behind its newest messages. */
  readonly isImport?: boolean;
  /** Also what is so fresh that its webhook may be on its way, and what was put off. */
  readonly includesFresh?: boolean;
}

/** So many conversations without IG_USER_ID, and none with it, tell that it is another account's. */
const tellingForeign = 3;
/** A conversation that takes longer, when time runs out, is read last the next time. */
const longMs = 60_000;

/** IG_USER_ID is another account's. */
export class OtherAccountError extends Error {}

/** What one reconciliation has at hand. */
export interface Work {
  readonly parts: ReconcileParts;
  readonly options: Required<ChangedOptions>;
  readonly store: ReconcileStore;
  readonly progress: ProgressStore;
  readonly lock: ReconcileLock;
  readonly threads: GraphThreads;
  readonly waiting: WaitingThreads;
  readonly tally: Tally;
  /** An earlier run left conversations unread, wherever they stand in the list. */
  readonly isUnfinished: boolean;
  readonly visited: Set<string>;
  readonly listed: Map<string, ThreadEntry>;
}

/** Compares one conversation. What fails for it alone is noted: it is tried again. @throws what ends the run. */
export async function visit(work: Work, entry: ThreadEntry, look: Look | undefined): Promise<void> {
  const { parts, lock, progress, tally, visited, waiting } = work;
  await lock.keep();
  // Before the first: who dies on the way leaves a list that is to be gone through to its end.
  if (visited.size === 0) await progress.save({ isUnfinished: true, waiting: waiting.all() });
  visited.add(entry.id);
  const startedMs = Date.now();
  try {
    await compare(work, entry, look);
  } catch (error) {
    const isLong = error instanceof OutOfTimeError && Date.now() - startedMs > longMs;
    if (isLong) waiting.hasFailed(entry, Date.now());
    if (endsReading(error)) throw error;
    fail(work, entry, error instanceof Error ? error.message : String(error));
  }
  parts.onProgress?.(`${tally.read} of ${tally.listed} conversations read`);
  if (tally.foreign >= tellingForeign && tally.foreign === tally.read) {
    throw new OtherAccountError('IG_USER_ID takes part in none of the conversations');
  }
}

function fail({ tally, waiting }: Work, entry: ThreadEntry, why: string): void {
  log.warn('a conversation could not be read at Meta', { why });
  tally.failed.push({ threadId: entry.id, why });
  waiting.hasFailed(entry, Date.now());
}

async function compare(work: Work, entry: ThreadEntry, look: Look | undefined): Promise<void> {
  const { parts, options, store, threads, waiting, tally } = work;
  const result = await reconcileThread(parts, threads, entry.id, {
    ...options,
    lookedUpToMs: look?.newestAtMs,
    isLastTry: waiting.triesOf(entry.id) + 1 >= maxTries,
  });
  tally.read += 1;
  if (!result) {
    tally.foreign += 1;
    waiting.hasFailed(entry, Date.now());
    return;
  }
  tally.add(result);
  if (result.unread > 0) {
    fail(work, entry, `${result.unread} of its messages cannot be read for the moment`);
  } else if (!result.isSettled) {
    waiting.isTooFresh(entry, Date.now());
  } else {
    waiting.isDone(entry.id);
    if (entry.updatedTime === '') return;
    await store.saveLook(entry.id, {
      updatedTime: entry.updatedTime,
      ...(result.newestAtMs !== undefined && { newestAtMs: result.newestAtMs }),
      ...((options.isImport || look?.isImported) && { isImported: true }),
    });
  }
}
