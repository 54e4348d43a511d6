import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { callBudget } from '../conversations/call-budget.ts';
import { conversationReader } from '../conversations/conversation-reader.ts';
import { parseConversationId } from '../conversations/table-keys.ts';
import { failureOf } from '../instagram/graph-failure.ts';
import type { AccountId } from '../instagram/ids.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { asciiJson } from '../runtime/json.ts';
import { errorFacts, log } from '../runtime/log.ts';
import { isAnswered } from './is-answered.ts';
import { observeRefusal } from './observe-refusal.ts';
import { type OutboxParts, standInLine } from './outbox.ts';
import { pauseStore } from './pause-store.ts';
import { withHints } from './refusal-hints.ts';
import type { ResolveParts } from './resolve-unknown.ts';
import { sendLedger } from './send-ledger.ts';
import { sendPart } from './send-part.ts';
import type { SendKind, SendRow, ThreadId } from './send-row.ts';
import { toQueuedSends } from './sent-event.ts';
import { threadQueues } from './thread-queue.ts';
import { isRateLimit, throttledMs } from './throttled.ts';
import { toWakeUp } from './wake-up.ts';

const newestRead = 50;
/** SQS takes 10 messages a batch. */
const maxBatchEntries = 10;

/** The outbox on AWS's services and Meta's Graph API. */
export function runtimeOutbox(): OutboxParts & ResolveParts {
  const table = required('TABLE_NAME');
  const ledger = sendLedger(dynamodb(), table);
  const queues = threadQueues(dynamodb(), table);
  const budgetOf = (account: string) => callBudget(dynamodb(), table, account);
  const parts = {
    ledger,
    queues,
    send: sendPart,
    wake,
    record,
    waitForTurn: (row: SendRow, kind: SendKind, deadlineMs: number) =>
      budgetOf(row.accountId).wait(kind, deadlineMs),
    isPaused: (account: AccountId) => pauseStore(dynamodb(), table, account).isPaused(),

    isAnswered: (row: SendRow) => isAnswered({ ledger, queues }, row),

    async onRefusal(row: SendRow, { failure, retry, cause }: Parameters<OutboxParts['onRefusal']>[1]) {
      if (retry === 'new_token') await pauseStore(dynamodb(), table, row.accountId).pause();
      const part = row.parts[row.sentParts.length];
      if (part && isRateLimit(cause)) {
        await budgetOf(row.accountId).holdUntil(part.kind, Date.now() + throttledMs);
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
        .filter(({ state }) => state.via.some((via) => via !== 'send'))
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
            .map((body, place) => ({ Id: String(place), MessageBody: asciiJson(body) })),
        }),
      );
      if (Failed.length > 0) log.warn('a sent message could not be recorded yet', { parts: Failed.length });
    }
  } catch (error) {
    log.warn('a sent message could not be recorded yet', errorFacts(error));
  }
}
