import { enqueueLookups } from '../../shared/reconcile/enqueue-lookups.ts';
import {
  keyOfLookup,
  lookUpMessage,
  lookUpProfile,
  lookUpThread,
  midOfLookup,
} from '../../shared/reconcile/look-up.ts';
import type { Lookup } from '../../shared/reconcile/lookup.ts';
import { reconcileChanged } from '../../shared/reconcile/reconcile-changed.ts';
import type { ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { ReconcilingElsewhereError } from '../../shared/reconcile/reconcile-store.ts';
import { log } from '../../shared/runtime/log.ts';
import { emit, metricNames } from '../../shared/runtime/metrics.ts';

/** A run may take minutes; most take seconds. */
const busyDelaySeconds = 20;

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
      log.info('message looked up', { found: found !== undefined });
      return;
    }
    case 'thread': {
      const found = await lookUpThread(parts, asked.customer_id);
      log.info('conversation looked up', { found });
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
  const { run, foreign } = await reconcileChanged(parts);
  log.info('reconciled', { ...run, foreign });
  emit({
    [metricNames.reconcileGaps]: run.gaps.unreadable + run.gaps.absent,
    [metricNames.reconcileThreadsFailed]: run.threads_failed,
  });
  if (!run.is_complete) await enqueueLookups([{ lookup: { v: 1, task: 'changed' }, delaySeconds: 1 }]);
}
