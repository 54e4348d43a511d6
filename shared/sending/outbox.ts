import type { AccountId } from '../instagram/ids.ts';
import type { SendLedger } from './send-ledger.ts';
import type { PartOutcome } from './send-part.ts';
import {
  type Addressee,
  type OutgoingPart,
  type SendFailure,
  type SendKind,
  type SendRow,
  type ThreadId,
  threadOf,
} from './send-row.ts';
import type { ThreadQueues } from './thread-queue.ts';

/** What the outbox needs of the world. */
export interface OutboxParts {
  readonly ledger: SendLedger;
  readonly queues: ThreadQueues;
  /** Makes one request to Meta. */
  readonly send: (addressee: Addressee, part: OutgoingPart, timeoutMs: number) => Promise<PartOutcome>;
  /** Waits for a turn within Meta's limits. @returns false when none comes before the deadline. */
  readonly waitForTurn: (row: SendRow, kind: SendKind, deadlineMs: number) => Promise<boolean>;
  /** Whether Meta has just refused the account's token. */
  readonly isPaused: (account: AccountId) => Promise<boolean>;
  /** Whether the business has answered since the message that the sender saw last. */
  readonly isAnswered: (row: SendRow) => Promise<boolean>;
  /** Meta refused a send, and why. */
  readonly onRefusal: (row: SendRow, outcome: PartOutcome & { name: 'not_sent' }) => Promise<SendFailure>;
  /** Puts what was sent into the conversation. Never throws: what is not recorded is found again. */
  readonly record: (row: SendRow) => Promise<void>;
  /** Has the thread looked at again, after so many seconds. Never throws: a schedule finds what is stuck. */
  readonly wake: (account: AccountId, thread: ThreadId, delaySeconds: number) => Promise<void>;
}

/** How long Meta may take. It fetches media itself, and gives a video 75 s. MP §3.4 */
export const graphTimeoutMs: Readonly<Record<SendKind, number>> = {
  text: 20_000,
  media: 90_000,
  private_reply: 20_000,
  live_private_reply: 20_000,
};
/** Past Meta's own time: whoever is slower than this is taken for dead. */
const leaseSlackMs = 10_000;
const longestWaitForTurnMs = 8_000;
const pausedMs = 60_000;
/** What Meta calls a passing failure, and may not be one. */
const fewRequests = 3;
const backoffMs = [2_000, 5_000, 15_000, 30_000, 60_000];

/**
 * Sends what stands in line in one thread, in order, one at a time, until the line is empty or its head has to
 * wait. Whoever is not the holder of the thread's lease sends nothing.
 * @param beginBeforeMs no request is begun later: the caller must outlive the slowest one.
 * @returns whether this call held the lease.
 */
export async function drainThread(
  parts: OutboxParts,
  account: AccountId,
  thread: ThreadId,
  owner: string,
  beginBeforeMs: number,
): Promise<boolean> {
  const lease = (forMs: number) => parts.queues.lease(thread, owner, Date.now() + forMs + leaseSlackMs);
  const idleLeaseMs = longestWaitForTurnMs + graphTimeoutMs.text;
  let queue = await lease(idleLeaseMs);
  if (!queue) return false;
  let waitMs = 0;
  try {
    for (let head = queue.waiting[0]; head && Date.now() < beginBeforeMs; head = queue.waiting[0]) {
      const row = await parts.ledger.find(head);
      const next = row ? await advance(parts, row, beginBeforeMs, lease) : 'failed';
      if (typeof next === 'object') {
        waitMs = next.waitMs;
        break;
      }
      if (next !== 'again') await parts.queues.leave(thread, head, next);
      queue = await lease(idleLeaseMs);
      if (!queue) return true;
    }
  } finally {
    const left = await parts.queues.release(thread, owner);
    if (left.waiting.length > 0) await parts.wake(account, thread, Math.ceil(waitMs / 1000));
  }
  return true;
}

type Lease = (forMs: number) => Promise<unknown>;
/** What became of the head; `again`: look at it again; an object: it has to wait. */
type Next = 'sent' | 'failed' | 'unknown' | 'again' | { readonly waitMs: number };

/** Takes the head of the line one step on. */
async function advance(parts: OutboxParts, row: SendRow, beginBeforeMs: number, lease: Lease): Promise<Next> {
  switch (row.state.name) {
    case 'sent':
    case 'failed':
    case 'unknown':
      return row.state.name;
    case 'sending':
      return giveUp(parts, row);
    case 'accepted':
      return sendNext(parts, row, beginBeforeMs, lease);
  }
}

/** Whoever was sending it lost its lease: the request may have gone out, so nobody sends it again. */
async function giveUp({ ledger }: OutboxParts, row: SendRow): Promise<Next> {
  const state = { name: 'unknown', sinceMs: sendingSince(row), failure: brokeOff } as const;
  return (await ledger.change(row, { state })) ? 'unknown' : 'again';
}

async function sendNext(
  parts: OutboxParts,
  row: SendRow,
  beginBeforeMs: number,
  lease: Lease,
): Promise<Next> {
  const part = row.parts[row.sentParts.length];
  if (!part) return (await parts.ledger.change(row, { state: { name: 'sent' } })) ? 'sent' : 'again';
  const nowMs = Date.now();
  if (nowMs >= row.deadlineMs) return fail(parts, row, waitedTooLong(row), false);
  const notBeforeMs = row.state.name === 'accepted' ? (row.state.notBeforeMs ?? 0) : 0;
  if (notBeforeMs > nowMs) return { waitMs: notBeforeMs - nowMs };
  // Whoever waits for an answer is better told why than told to wait.
  if (row.isAsync && (await parts.isPaused(row.accountId))) return { waitMs: pausedMs };
  if (row.ifLast !== undefined && row.sentParts.length === 0 && (await parts.isAnswered(row)))
    return fail(parts, row, answered, true);
  const turnBeforeMs = Math.min(beginBeforeMs, row.deadlineMs, nowMs + longestWaitForTurnMs);
  if (!(await parts.waitForTurn(row, part.kind, turnBeforeMs))) return { waitMs: 1000 };

  const timeoutMs = graphTimeoutMs[part.kind];
  if (!(await lease(timeoutMs))) return 'again';
  const sending = await parts.ledger.change(row, {
    state: { name: 'sending', sinceMs: Date.now() },
    attempts: row.attempts + 1,
  });
  if (!sending) return 'again';
  return settle(parts, sending, await parts.send(row.addressee, part, timeoutMs));
}

async function settle(parts: OutboxParts, row: SendRow, outcome: PartOutcome): Promise<Next> {
  switch (outcome.name) {
    case 'sent':
      return sent(parts, row, outcome);
    case 'unknown': {
      const state = { name: 'unknown', sinceMs: sendingSince(row), failure: outcome.failure } as const;
      return (await parts.ledger.change(row, { state })) ? 'unknown' : 'again';
    }
    case 'not_sent': {
      const failure = await parts.onRefusal(row, outcome);
      const isFinal =
        outcome.retry === 'never' || (outcome.retry === 'few_times' && row.attempts >= fewRequests);
      if (isFinal || !row.isAsync) return fail(parts, row, failure, isFinal);
      const waitMs = failure.retryAfterSeconds
        ? failure.retryAfterSeconds * 1000
        : (backoffMs[Math.min(row.attempts, backoffMs.length) - 1] ?? 0);
      const state = { name: 'accepted', notBeforeMs: Date.now() + waitMs } as const;
      return (await parts.ledger.change(row, { state })) ? { waitMs } : 'again';
    }
  }
}

/** Meta has it. Whatever became of the row meanwhile (it may have been given up), this is the truth. */
async function sent(
  { ledger, record }: OutboxParts,
  row: SendRow,
  { messageId, recipientId, atMs }: PartOutcome & { name: 'sent' },
): Promise<Next> {
  await ledger.claim(row.accountId, messageId, row.sendId);
  // A message found by its content in the meantime was another one's.
  const sentParts = [...row.sentParts, { messageId, recipientId, atMs }];
  const isWhole = sentParts.length >= row.parts.length;
  const change = { sentParts, attempts: 0, state: { name: isWhole ? 'sent' : 'accepted' } } as const;
  let current: SendRow | undefined = row;
  while (current) {
    const changed: SendRow | undefined = await ledger.change(current, change);
    if (changed) {
      await record(changed);
      return isWhole ? 'sent' : 'again';
    }
    current = await ledger.find(row.sendId);
  }
  return 'sent';
}

async function fail(
  { ledger }: OutboxParts,
  row: SendRow,
  failure: SendFailure,
  isFinal: boolean,
): Promise<Next> {
  return (await ledger.change(row, { state: { name: 'failed', failure, isFinal } })) ? 'failed' : 'again';
}

const sendingSince = ({ state }: SendRow) => (state.name === 'sending' ? state.sinceMs : Date.now());

const brokeOff: SendFailure = {
  status: 504,
  code: 'outcome_unknown',
  message:
    'Sending broke off when the request may have gone out already. Look at the conversation before sending again.',
};

const answered: SendFailure = {
  status: 409,
  code: 'answered_meanwhile',
  message: 'Somebody answered since the message in if_last. Nothing was sent: read the conversation first.',
};

const waitedTooLong = ({ acceptedAtMs, deadlineMs }: SendRow): SendFailure => ({
  status: 503,
  code: 'waited_too_long',
  message: 'It could not be sent in time and was not sent late. Send it again if it still fits.',
  details: { waited_seconds: Math.round((deadlineMs - acceptedAtMs) / 1000) },
});

/** Puts a row in line; a second time changes nothing. @returns whether nothing stands before it. */
export async function standInLine(
  { queues }: Pick<OutboxParts, 'queues'>,
  row: SendRow,
): Promise<{ readonly thread: ThreadId; readonly isFirst: boolean }> {
  const thread = threadOf(row);
  const { waiting } = await queues.join(thread, row.sendId);
  return { thread, isFirst: waiting[0] === row.sendId };
}
