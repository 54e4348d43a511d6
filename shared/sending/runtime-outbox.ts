import { callBudget } from '../conversations/call-budget.ts';
import { failureOf } from '../instagram/graph-failure.ts';
import type { AccountId } from '../instagram/ids.ts';
import { tokenMark } from '../instagram/token-mark.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';
import { errorFacts, log } from '../runtime/log.ts';
import { secrets } from '../runtime/secrets.ts';
import { isAnswered } from './is-answered.ts';
import { observeRefusal } from './observe-refusal.ts';
import type { OutboxParts } from './outbox.ts';
import { withHints } from './refusal-hints.ts';
import type { ResolveParts } from './resolve-unknown.ts';
import { runtimeLines } from './runtime-lines.ts';
import { sendPart } from './send-part.ts';
import type { SendKind, SendRow } from './send-row.ts';
import { sendingStops } from './sending-stop.ts';
import { stopOf } from './stop-of.ts';
import { tellOutcome } from './tell-outcome.ts';
import { slowedBy, throttleOf } from './throttle.ts';

/** Twenty a second is what floods a thread at worst; Meta names no number. MP §8.1 */
const threadIntervalMs = 100;

/** The outbox on AWS's services and Meta's Graph API. */
export function runtimeOutbox(): OutboxParts & ResolveParts {
  const table = required('TABLE_NAME');
  const lines = runtimeLines();
  const { ledger, queues } = lines;
  const budgetOf = (account: string) => callBudget(dynamodb(), table, account);
  const stopsOf = (account: AccountId) => sendingStops(dynamodb(), table, account);
  /** A stop by Meta that was seen and not heeded: this send asks whether it still holds. */
  let asks = false;
  return {
    ...lines,
    send: sendPart,
    tell: (row: SendRow) => tellOutcome(ledger, row),
    waitForTurn: (row: SendRow, kind: SendKind, deadlineMs: number) =>
      budgetOf(row.accountId).wait(kind, deadlineMs),
    threadIntervalMs,

    async stopOf(row: SendRow) {
      const stop = await stopOf(stopsOf(row.accountId), row);
      asks = !stop.isStopped && stop.asks;
      return stop;
    },

    async onSent(row: SendRow, { usage, atMs }: Parameters<OutboxParts['onSent']>[1]) {
      log.info('message sent', { send_id: row.sendId, lag_ms: Math.max(0, atMs - row.acceptedAtMs) });
      try {
        if (asks) await stopsOf(row.accountId).endByMeta();
        const slowedMs = slowedBy(usage);
        if (slowedMs > 0) await budgetOf(row.accountId).holdAllUntil(Date.now() + slowedMs, 'all');
      } catch (error) {
        log.warn("Meta's usage could not be taken into account", errorFacts(error));
      }
    },

    isAnswered: (row: SendRow) => isAnswered({ ledger, queues }, row),

    async onRefusal(row: SendRow, { failure, retry, cause }: Parameters<OutboxParts['onRefusal']>[1]) {
      const stops = stopsOf(row.accountId);
      const part = row.parts[row.sentParts.length];
      if (retry === 'new_token') await stops.refuseToken(tokenMark(await secrets.graph()));
      if (retry === 'block_ends') await stops.block();
      const throttle = throttleOf(cause);
      if (throttle) {
        await budgetOf(row.accountId).holdAllUntil(
          Date.now() + throttle.holdMs,
          throttle.which === 'all' ? 'all' : 'sends',
        );
        return { ...failure, retryAfterSeconds: Math.ceil(throttle.holdMs / 1000) };
      }
      if (!('customerId' in row.addressee)) return failure;
      const observed = await observeRefusal(cause, row.addressee.customerId, part?.tag);
      const told = failureOf(cause, observed) ?? failure;
      return part ? withHints(told, part, cause) : told;
    },
  };
}
