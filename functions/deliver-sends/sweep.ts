import { accountId } from '../../shared/instagram/ids.ts';
import { enqueueLookups } from '../../shared/reconcile/enqueue-lookups.ts';
import type { DueLookup } from '../../shared/reconcile/lookup.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { secrets } from '../../shared/runtime/secrets.ts';
import { longestStopMs, standInLine } from '../../shared/sending/outbox.ts';
import { runtimeOutbox } from '../../shared/sending/runtime-outbox.ts';
import { unsettledPlace } from '../../shared/sending/send-ledger.ts';
import { type SendRow, type ThreadId, threadOf } from '../../shared/sending/send-row.ts';
import { sendingStops } from '../../shared/sending/sending-stop.ts';

/** Longer than any step takes that somebody is still at. */
const stuckAfterMs = 30_000;
/** More than one sweep. */
const resumedMs = 150_000;
/** An echo that has not come by then will not come, and Meta's conversation was looked at. */
const lookedForMs = 15 * 60_000;
/** When Meta's own conversation is looked at for what no echo told: once, and again where it was too early. */
const lookUpAfterMs = [60_000, 10 * 60_000];
/** Then whoever was told of it has looked, or will not. */
const toldForMs = 24 * 60 * 60_000;
const pageSize = 100;
const maxPages = 50;

export type Swept = {
  readonly unsettled: number;
  readonly woken: number;
  /** Without an outcome for so long that nothing more will tell it, and for less than a day. */
  readonly unknown: number;
};

/**
 * Finds sends that nobody is at any more: whoever was may have died between two writes. Each of their threads is woken,
 * what was sent and stands in no conversation yet is put there, and what ended untold is told. While its owner has
 * paused sending nothing is woken to be sent, so that all goes on with the first sweep after it.
 */
export async function sweep(): Promise<Swept> {
  const outbox = runtimeOutbox();
  const account = accountId((await secrets.graph()).ig_user_id);
  if (!account) return { unsettled: 0, woken: 0, unknown: 0 };
  const stops = sendingStops(dynamodb(), required('TABLE_NAME'), account);
  const { pausedAtMs, stood } = await stops.read();
  const isPaused = pausedAtMs !== undefined;
  // After a stop nobody is at what waited, however short a time it did.
  const untilMs = Date.now() - ((stood?.toMs ?? 0) > Date.now() - resumedMs ? 0 : stuckAfterMs);
  const threads = new Set<ThreadId>();
  const lookups: SendRow[] = [];
  let unsettled = 0;
  let unknown = 0;
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const rows = await outbox.ledger.unsettled(account, pageSize, after);
    unsettled += rows.length;
    for (const row of rows.filter(({ acceptedAtMs }) => acceptedAtMs < untilMs)) {
      const current = await outbox.tell((await outbox.ledger.find(row.sendId)) ?? row);
      if (current.state.name === 'sent' && !current.isRecorded) await outbox.record(current);
      if (current.state.name === 'accepted' || current.state.name === 'sending') {
        await standInLine(outbox, current);
      }
      if (isWorthALook(current, isPaused)) threads.add(threadOf(current));
      if (isToLookUp(current)) lookups.push(current);
      if (staysUnknown(current)) unknown += 1;
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) break;
    after = unsettledPlace(last);
  }
  for (const thread of threads) await outbox.wake(account, thread, 0);
  await enqueueLookups(lookupsOf(lookups));
  // Only now: a lookup asked for twice costs one call, one never asked for leaves a send unknown.
  for (const row of lookups) await outbox.ledger.change(row, { lookups: (row.lookups ?? 0) + 1 });
  return { unsettled, woken: threads.size, unknown };
}

function staysUnknown({ state }: SendRow): boolean {
  if (state.name !== 'unknown') return false;
  const forMs = Date.now() - state.sinceMs;
  return forMs >= lookedForMs && forMs < toldForMs;
}

/** No echo has told what became of it: Meta's own conversation may. */
function isToLookUp({ state, addressee, lookups = 0 }: SendRow): boolean {
  if (state.name !== 'unknown' || !('customerId' in addressee)) return false;
  const dueAfterMs = lookUpAfterMs[lookups];
  return dueAfterMs !== undefined && Date.now() - state.sinceMs >= dueAfterMs;
}

/** One a thread, however many of its sends are unknown. */
function lookupsOf(rows: readonly SendRow[]): DueLookup[] {
  const customers = new Map(
    rows.flatMap(({ accountId, addressee }) =>
      'customerId' in addressee ? [[addressee.customerId, accountId] as const] : [],
    ),
  );
  return [...customers].map(([customer, account]) => ({
    lookup: { v: 1, task: 'thread', account_id: account, customer_id: customer },
    delaySeconds: 0,
  }));
}

function isWorthALook({ state, deadlineMs }: SendRow, isPaused: boolean): boolean {
  if (state.name === 'unknown') return Date.now() - state.sinceMs < lookedForMs;
  if (state.name === 'accepted' && isPaused) return Date.now() >= deadlineMs + longestStopMs;
  return state.name !== 'sent';
}
