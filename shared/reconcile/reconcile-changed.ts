import { GraphError } from '../instagram/graph-errors.ts';
import { log } from '../runtime/log.ts';
import { type GraphThreads, graphThreads, type ThreadEntry } from './graph-threads.ts';
import { OutOfTimeError, type ReconcileParts } from './reconcile-parts.ts';
import { type Look, type ReconcileRun, reconcileStore } from './reconcile-store.ts';
import { reconcileThread, type ThreadOptions } from './reconcile-thread.ts';

export interface ChangedOptions {
  /** Every conversation, changed or not, and all that lies behind its newest messages. */
  readonly isImport?: boolean;
  readonly includesFresh?: boolean;
}

export interface Gap {
  readonly customerId: string;
  readonly messageId: string;
  readonly reason: 'unreadable' | 'absent';
}

export interface ChangedResult {
  readonly run: ReconcileRun;
  /** Each difference from Meta that cannot be made good. */
  readonly gaps: readonly Gap[];
  readonly failed: readonly { readonly threadId: string; readonly why: string }[];
  /** Conversations in which IG_USER_ID takes no part. */
  readonly foreign: number;
}

const invalidTokenCode = 190;

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
  const lock = await store.lock();
  const tally = new Tally();
  let isComplete = true;
  try {
    const threads = graphThreads(parts);
    let after: string | undefined;
    do {
      const page = await threads.list(after);
      tally.listed += page.threads.length;
      const looks = await store.looksAt(page.threads.map(({ id }) => id));
      const changed = page.threads.filter(
        ({ id, updatedTime }) =>
          !isSeen(looks.get(id), updatedTime) || (isImport && !looks.get(id)?.isImported),
      );
      for (const entry of changed) {
        await lock.keep();
        const look = looks.get(entry.id);
        await reconcileOne(parts, threads, entry, { isImport, includesFresh, look }, tally);
        parts.onProgress?.(`${tally.read} of ${tally.listed} conversations read`);
      }
      // The list is in the order of change: behind a page without any there is none.
      after = changed.length > 0 || isImport ? page.next : undefined;
    } while (after !== undefined);
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    isComplete = false;
  } finally {
    await lock.release();
  }
  const run = tally.run(isComplete);
  await store.saveRun(run);
  return { run, gaps: tally.gaps, failed: tally.failed, foreign: tally.foreign };
}

const isSeen = (look: Look | undefined, updatedTime: string) =>
  look !== undefined && updatedTime !== '' && look.updatedTime === updatedTime;

async function reconcileOne(
  parts: ReconcileParts,
  threads: GraphThreads,
  { id, updatedTime }: ThreadEntry,
  { look, ...options }: Omit<ThreadOptions, 'lookedUpToMs'> & { readonly look: Look | undefined },
  tally: Tally,
): Promise<void> {
  try {
    const lookedUpToMs = look?.newestAtMs;
    const result = await reconcileThread(parts, threads, id, { ...options, lookedUpToMs });
    tally.read += 1;
    if (!result) {
      tally.foreign += 1;
      return;
    }
    for (const { finding, node, customer_id } of result.found) {
      if (finding === 'message') tally.found += 1;
      if (finding === 'unreadable' || finding === 'absent') {
        tally.gaps.push({ customerId: customer_id, messageId: String(node.id), reason: finding });
      }
    }
    if (result.isSettled && updatedTime !== '') {
      await reconcileStore(parts.client, parts.tableName, parts.account).saveLook(id, {
        updatedTime,
        ...(result.newestAtMs !== undefined && { newestAtMs: result.newestAtMs }),
        ...((options.isImport || look?.isImported) && { isImported: true }),
      });
    }
  } catch (error) {
    if (error instanceof OutOfTimeError) throw error;
    if (error instanceof GraphError && error.details.code === invalidTokenCode) throw error;
    const why = error instanceof Error ? error.message : String(error);
    log.warn('a conversation could not be read at Meta', { why });
    tally.failed.push({ threadId: id, why });
  }
}

class Tally {
  listed = 0;
  read = 0;
  found = 0;
  foreign = 0;
  readonly gaps: Gap[] = [];
  readonly failed: { threadId: string; why: string }[] = [];

  run(isComplete: boolean): ReconcileRun {
    const countOf = (reason: Gap['reason']) => this.gaps.filter((gap) => gap.reason === reason).length;
    return {
      reconciled_at: new Date().toISOString(),
      threads_listed: this.listed,
      threads_read: this.read,
      messages_found: this.found,
      gaps: { unreadable: countOf('unreadable'), absent: countOf('absent') },
      threads_failed: this.failed.length,
      is_complete: isComplete,
    };
  }
}
