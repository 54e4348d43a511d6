import { enqueueLookups } from '../../shared/reconcile/enqueue-lookups.ts';
import {
  keyOfLookup,
  lookUpMessage,
  lookUpProfile,
  lookUpThread,
  midOfLookup,
} from '../../shared/reconcile/look-up.ts';
import type { DueLookup, Lookup } from '../../shared/reconcile/lookup.ts';
import { reconcileChanged } from '../../shared/reconcile/reconcile-changed.ts';
import type { ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { ReconcilingElsewhereError, reconcileStore } from '../../shared/reconcile/reconcile-store.ts';
import { log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';

/** A run may take minutes; most take seconds. */
const busyDelaySeconds = 20;
const justNowMs = 10_000;
const goOn: DueLookup = { lookup: { v: 1, task: 'changed' }, delaySeconds: 1 };

/** Does one lookup. @throws what Meta answered, for the queue to try again. */
export async function perform(asked: Lookup, parts: ReconcileParts): Promise<void> {
  try {
    await performNow(asked, parts);
  } catch (error) {
    if (!(error instanceof ReconcilingElsewhereError)) throw error;
    log.info('another reconciliation is at it');
    if (asked.task !== 'changed') await enqueueLookups([{ lookup: asked, delaySeconds: busyDelaySeconds }]);
  }
}

async function performNow(asked: Lookup, parts: ReconcileParts): Promise<void> {
  switch (asked.task) {
    case 'changed':
      return performChanged(parts);
    case 'message': {
      const key = keyOfLookup(asked);
      const mid = midOfLookup(asked.mid);
      if (!key || !mid) return;
      const found = await lookUpMessage(parts, key, mid);
      log.info('message looked up', {
        found: found?.finding ?? 'nothing',
        ...measured({ [metricNames.reconcileGaps]: found?.finding === 'unreadable' ? 1 : 0 }),
      });
      return;
    }
    case 'thread': {
      const found = await lookUpThread(parts, asked.customer_id);
      log.info('conversation looked up', {
        messages: found?.messages,
        unread: found?.unread,
        ...measured({ [metricNames.reconcileGaps]: found?.gaps.length ?? 0 }),
      });
      return;
    }
    case 'profile': {
      const wasAsked = await lookUpProfile(parts, asked.customer_id);
      log.info('profile looked up', { asked: wasAsked });
      return;
    }
  }
}

async function performChanged(parts: ReconcileParts): Promise<void> {
  const last = await reconcileStore(parts.client, parts.tableName, parts.account).lastRun();
  // The schedule and a reader may wake it at once.
  if (last?.is_complete && Date.now() - Date.parse(last.reconciled_at) < justNowMs) return;
  // Before the first run hardly any webhook can have come: what is fresh is not waited for.
  const { run, foreign, isOtherAccount, oldContacts } = await reconcileChanged(parts, {
    includesFresh: last === undefined,
  });
  log.info('reconciled', {
    ...run,
    foreign,
    ...measured({
      [metricNames.reconcileGaps]: run.gaps.unreadable + run.gaps.absent,
      [metricNames.reconcileThreadsFailed]: run.threads_failed,
    }),
  });
  if (foreign > 0) log.warn('IG_USER_ID takes part in no message of some conversations', { foreign });
  await enqueueLookups([
    ...oldContacts.map(
      (customer): DueLookup => ({
        lookup: { v: 1, task: 'profile', account_id: parts.account, customer_id: customer },
        delaySeconds: 0,
      }),
    ),
    ...(run.is_complete || isOtherAccount ? [] : [goOn]),
  ]);
}
