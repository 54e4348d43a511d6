import { accountId } from '../../shared/instagram/ids.ts';
import { enqueueLookups } from '../../shared/reconcile/enqueue-lookups.ts';
import { type ReconcileRun, reconcileStore } from '../../shared/reconcile/reconcile-store.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { NotConnectedError, secrets } from '../../shared/runtime/secrets.ts';

/** How well the store is known to agree with Meta. */
export interface Freshness {
  /** ISO 8601; absent before the first reconciliation. */
  readonly reconciledAt?: string;
  /** Nobody has compared it with Meta within the last seconds: it is being done. */
  readonly isStale: boolean;
  /** In plain words, what of Meta's is known to be missing. */
  readonly warnings: readonly string[];
}

const freshMs = 10_000;

/** Says when the store was last compared with Meta, and has it done again, by one of all readers. */
export async function freshness(): Promise<Freshness> {
  const account = await connectedAccount();
  if (!account) return { isStale: true, warnings: [] };
  const store = reconcileStore(dynamodb(), required('TABLE_NAME'), account);
  const last = await store.lastRun();
  const isStale = !last || Date.now() - Date.parse(last.reconciled_at) > freshMs;
  if (isStale && (await store.mayWake(freshMs))) {
    await enqueueLookups([{ lookup: { v: 1, task: 'changed' }, delaySeconds: 0 }]);
  }
  return { ...(last && { reconciledAt: last.reconciled_at }), isStale, warnings: warningsOf(last) };
}

function warningsOf(last: ReconcileRun | undefined): string[] {
  return [
    ...(last?.is_complete === false
      ? ['Comparing with Meta is not finished: messages that no webhook brought may still be missing.']
      : []),
    ...(last && last.threads_failed > 0
      ? [
          `${last.threads_failed} conversations could not be read at Meta: messages of theirs that no webhook brought are missing.`,
        ]
      : []),
  ];
}

async function connectedAccount() {
  try {
    return accountId((await secrets.graph()).ig_user_id);
  } catch (error) {
    if (error instanceof NotConnectedError) return undefined;
    throw error;
  }
}
