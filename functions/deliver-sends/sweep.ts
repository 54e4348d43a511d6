import { accountId } from '../../shared/instagram/ids.ts';
import { enqueueLookups } from '../../shared/reconcile/enqueue-lookups.ts';
import type { DueLookup } from '../../shared/reconcile/lookup.ts';
import { secrets } from '../../shared/runtime/secrets.ts';
import { standInLine } from '../../shared/sending/outbox.ts';
import { runtimeOutbox } from '../../shared/sending/runtime-outbox.ts';
import { unsettledPlace } from '../../shared/sending/send-ledger.ts';
import { type SendRow, threadOf } from '../../shared/sending/send-row.ts';

/** Longer than any step takes that somebody is still at. */
const stuckAfterMs = 30_000;
/** An echo that has not come by then will not come. */
const lookedForMs = 60 * 60_000;
const lookUpAfterMs = 60_000;
/** The schedule's period: each send is looked up in one of the sweeps. */
const sweepEveryMs = 60_000;
const pageSize = 100;
const maxPages = 50;

/**
 * Finds sends that nobody is at any more: whoever was may have died between two writes. Each of their threads is
 * woken, and what was sent and stands in no conversation yet is put there.
 */
export async function sweep(): Promise<{ readonly unsettled: number; readonly woken: number }> {
  const outbox = runtimeOutbox();
  const account = accountId((await secrets.graph()).ig_user_id);
  if (!account) return { unsettled: 0, woken: 0 };
  const threads = new Map<string, SendRow>();
  let unsettled = 0;
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const rows = await outbox.ledger.unsettled(account, pageSize, after);
    unsettled += rows.length;
    for (const row of rows.filter(({ acceptedAtMs }) => acceptedAtMs < Date.now() - stuckAfterMs)) {
      const current = (await outbox.ledger.find(row.sendId)) ?? row;
      if (current.state.name === 'sent' && !current.isRecorded) await outbox.record(current);
      if (current.state.name === 'accepted' || current.state.name === 'sending') {
        await standInLine(outbox, current);
      }
      if (isWorthALook(current)) threads.set(threadOf(current), current);
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) break;
    after = unsettledPlace(last);
  }
  for (const row of threads.values()) await outbox.wake(account, threadOf(row), 0);
  await enqueueLookups([...threads.values()].flatMap(lookupOf));
  return { unsettled, woken: threads.size };
}

/** No echo has told what became of it: Meta's own conversation may, once. */
function lookupOf({ state, addressee, accountId }: SendRow): DueLookup[] {
  if (state.name !== 'unknown' || !('customerId' in addressee)) return [];
  const ageMs = Date.now() - state.sinceMs;
  if (ageMs < lookUpAfterMs || ageMs >= lookUpAfterMs + sweepEveryMs) return [];
  const asked = { account_id: accountId, customer_id: addressee.customerId };
  return [{ lookup: { v: 1, task: 'thread', ...asked }, delaySeconds: 0 }];
}

function isWorthALook({ state }: SendRow): boolean {
  return state.name === 'unknown' ? Date.now() - state.sinceMs < lookedForMs : state.name !== 'sent';
}
