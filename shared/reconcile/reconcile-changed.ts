import { graphThreads, type ThreadEntry } from './graph-threads.ts';
import { progressStore } from './progress-store.ts';
import { OutOfTimeError, type ReconcileParts } from './reconcile-parts.ts';
import {
  type Look,
  type ReconcileRun,
  ReconcilingElsewhereError,
  reconcileStore,
} from './reconcile-store.ts';
import { type Gap, Tally } from './tally.ts';
import { type ChangedOptions, OtherAccountError, visit, type Work } from './visit-thread.ts';
import { WaitingThreads } from './waiting-threads.ts';

export type { ChangedOptions } from './visit-thread.ts';

export interface ChangedResult {
  readonly run: ReconcileRun;
  /** Each difference from Meta that cannot be made good. */
  readonly gaps: readonly Gap[];
  readonly failed: readonly { readonly threadId: string; readonly why: string }[];
  /** Conversations in which IG_USER_ID takes no part. */
  readonly foreign: number;
  /** It took part in none of the first ones, so no more were read. */
  readonly isOtherAccount: boolean;
  /** Customers whose profile was read more than a day ago. */
  readonly oldContacts: readonly string[];
}

/**
 * Compares every conversation that changed at Meta since it was read last with what is stored. A conversation that
 * cannot be read fails alone, and is read next time.
 * @throws ReconcilingElsewhereError while another one is at it
 * @throws GraphError when the list itself, or every call, is refused
 */
export async function reconcileChanged(
  parts: ReconcileParts,
  { isImport = false, includesFresh = false }: ChangedOptions = {},
): Promise<ChangedResult> {
  const store = reconcileStore(parts.client, parts.tableName, parts.account);
  const progress = progressStore(parts.client, parts.tableName, parts.account);
  const lock = await store.lock();
  try {
    const { isUnfinished, waiting } = await progress.read();
    return await goThrough({
      parts,
      options: { isImport, includesFresh },
      store,
      progress,
      lock,
      threads: graphThreads(parts),
      waiting: new WaitingThreads(waiting, includesFresh),
      tally: new Tally(),
      isUnfinished,
      visited: new Set(),
      listed: new Map(),
    });
  } finally {
    await lock.release();
  }
}

async function goThrough(work: Work): Promise<ChangedResult> {
  const { store, progress, waiting, tally } = work;
  let isComplete = true;
  let isOtherAccount = false;
  try {
    await visitListed(work);
    await visitWaiting(work);
    if (work.visited.size > 0 || work.isUnfinished) {
      await progress.save({ isUnfinished: false, waiting: waiting.all() });
    }
  } catch (error) {
    // Whoever has the lock now writes it.
    if (error instanceof ReconcilingElsewhereError) throw error;
    if (work.visited.size > 0) await progress.save({ isUnfinished: true, waiting: waiting.all() });
    isComplete = false;
    isOtherAccount = error instanceof OtherAccountError;
    if (!isOtherAccount && !(error instanceof OutOfTimeError)) throw error;
  }
  const failing = waiting.all().filter(({ tries }) => tries > 0).length;
  const run = tally.run(isComplete, failing);
  await store.saveRun(run);
  const { gaps, failed, foreign, oldContacts } = tally;
  return { run, gaps, failed, foreign, isOtherAccount, oldContacts: [...oldContacts] };
}

async function visitListed(work: Work): Promise<void> {
  const { options, store, threads, waiting, tally, listed } = work;
  let after: string | undefined;
  do {
    const page = await threads.list(after);
    tally.listed += page.threads.length;
    for (const entry of page.threads) listed.set(entry.id, entry);
    const looks = await store.looksAt(page.threads.map(({ id }) => id));
    const changed = page.threads.filter(
      (entry) =>
        isChanged(entry, looks.get(entry.id), options.isImport) && !waiting.isPutOff(entry, Date.now()),
    );
    for (const entry of changed) await visit(work, entry, looks.get(entry.id));
    // The list is in the order of change: behind a page without any there is none, unless a run was broken off.
    const goesOn = changed.length > 0 || options.isImport || work.isUnfinished;
    after = goesOn ? page.next : undefined;
  } while (after !== undefined);
}

/** What was put off comes when all else is done. */
async function visitWaiting(work: Work): Promise<void> {
  const { store, waiting, listed, visited } = work;
  const due = waiting
    .all()
    .filter((each) => !visited.has(each.id) && waiting.isDue(each, listed.get(each.id), Date.now()))
    .toSorted((a, b) => a.notBeforeMs - b.notBeforeMs);
  for (const { id, updatedTime } of due) {
    await visit(work, listed.get(id) ?? { id, updatedTime }, (await store.looksAt([id])).get(id));
  }
}

const isChanged = (entry: ThreadEntry, look: Look | undefined, isImport: boolean) =>
  look === undefined ||
  entry.updatedTime === '' ||
  look.updatedTime !== entry.updatedTime ||
  (isImport && !look.isImported);
