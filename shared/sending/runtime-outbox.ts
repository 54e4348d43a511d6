import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { callBudget } from '../conversations/call-budget.ts';
import { conversationReader } from '../conversations/conversation-reader.ts';
import { parseConversationId } from '../conversations/table-keys.ts';
import { failureOf } from '../instagram/graph-failure.ts';
import type { AccountId } from '../instagram/ids.ts';
import { tokenMark } from '../instagram/token-mark.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { queueJson } from '../runtime/json.ts';
import { errorFacts, log } from '../runtime/log.ts';
import { secrets } from '../runtime/secrets.ts';
import { isAnswered } from './is-answered.ts';
import { observeRefusal } from './observe-refusal.ts';
import { type OutboxParts, standInLine } from './outbox.ts';
import { withHints } from './refusal-hints.ts';
import type { ResolveParts } from './resolve-unknown.ts';
import { sendLedger } from './send-ledger.ts';
import { sendPart } from './send-part.ts';
import type { SendKind, SendRow, ThreadId } from './send-row.ts';
import { sendingStops } from './sending-stop.ts';
import { toQueuedSends } from './sent-event.ts';
import { stopOf } from './stop-of.ts';
import { tellOutcome } from './tell-outcome.ts';
import { threadQueues } from './thread-queue.ts';
import { slowedBy, throttleOf } from './throttle.ts';
import { toWakeUp } from './wake-up.ts';

const newestRead = 100;
/** SQS takes 10 messages a batch. */
const maxBatchEntries = 10;
/** Twenty a second is what floods a thread at worst; Meta names no number. MP §8.1 */
const threadIntervalMs = 100;

/** The outbox on AWS's services and Meta's Graph API. */
export function runtimeOutbox(): OutboxParts & ResolveParts {
  const table = required('TABLE_NAME');
  const ledger = sendLedger(dynamodb(), table);
  const queues = threadQueues(dynamodb(), table);
  const budgetOf = (account: string) => callBudget(dynamodb(), table, account);
  const stopsOf = (account: AccountId) => sendingStops(dynamodb(), table, account);
  /** A stop by Meta that was seen and not heeded: this send asks whether it still holds. */
  let asks = false;
  const parts = {
    ledger,
    queues,
    send: sendPart,
    wake,
    record,
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

    async outgoingSince(thread: ThreadId, sinceMs: number) {
      const conversation = parseConversationId(thread);
      if (!conversation) return [];
      const reader = conversationReader(dynamodb(), table);
      const { items } = await reader.messages((await reader.find(conversation)) ?? conversation, newestRead);
      return items
        .filter(({ state }) => state.direction === 'out' && (state.sentAt?.atMs ?? 0) >= sinceMs)
        .toReversed();
    },

    async goOn(row: SendRow) {
      await record(row);
      if (row.state.name !== 'accepted') return;
      const { thread } = await standInLine({ queues }, row);
      await wake(row.accountId, thread, 0);
    },
  };
  return parts;
}

async function wake(account: AccountId, thread: ThreadId, delaySeconds: number): Promise<void> {
  try {
    await sqs().send(
      new SendMessageCommand({
        QueueUrl: required('SENDS_QUEUE_URL'),
        MessageBody: JSON.stringify(toWakeUp(account, thread)),
        // SQS delays a message by at most 15 minutes.
        DelaySeconds: Math.min(delaySeconds, 900),
      }),
    );
  } catch (error) {
    log.warn('a thread could not be woken: the schedule will find it', errorFacts(error));
  }
}

async function record(row: SendRow): Promise<void> {
  // All of them once more at the end: what was not taken before is made good then.
  const queued = toQueuedSends(row).slice(row.state.name === 'sent' ? 0 : -1);
  try {
    for (let start = 0; start < queued.length; start += maxBatchEntries) {
      const { Failed = [] } = await sqs().send(
        new SendMessageBatchCommand({
          QueueUrl: required('EVENTS_QUEUE_URL'),
          Entries: queued
            .slice(start, start + maxBatchEntries)
            .map((body, place) => ({ Id: String(place), MessageBody: queueJson(body) })),
        }),
      );
      if (Failed.length > 0) log.warn('a sent message could not be recorded yet', { parts: Failed.length });
    }
  } catch (error) {
    log.warn('a sent message could not be recorded yet', errorFacts(error));
  }
}
