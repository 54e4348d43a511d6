import { setTimeout as delay } from 'node:timers/promises';
import type { AccountId, MessageId } from '../instagram/ids.ts';
import type { SendLedger } from './send-ledger.ts';
import type { PartOutcome } from './send-part.ts';
import {
  type Addressee,
  type OutgoingPart,
  type SendFailure,
  type SendId,
  type SendKind,
  type SendRow,
  type SendState,
  type ThreadId,
  threadOf,
} from './send-row.ts';
import type { SendingStop } from './sending-stop.ts';
import type { ThreadQueue, ThreadQueues } from './thread-queue.ts';

/** What the outbox needs of the world. */
export interface OutboxParts {
  readonly ledger: SendLedger;
  readonly queues: ThreadQueues;
  /** Makes one request to Meta. */
  readonly send: (addressee: Addressee, part: OutgoingPart, timeoutMs: number) => Promise<PartOutcome>;
  /** Waits for a turn within Meta's limits. @returns false when none comes before the deadline. */
  readonly waitForTurn: (row: SendRow, kind: SendKind, deadlineMs: number) => Promise<boolean>;
  /** Whether sending is stopped for the account, by its owner or by Meta, and why. */
  readonly stopOf: (row: SendRow) => Promise<SendingStop>;
  /** Whether the business has answered since the message that the sender saw last. */
  readonly isAnswered: (row: SendRow) => Promise<boolean>;
  /** Between two sends of one thread, in ms. */
  readonly threadIntervalMs: number;
  /** Meta took a message: what it refused before, it refuses no more. Never throws. */
  readonly onSent: (row: SendRow, outcome: PartOutcome & { name: 'sent' }) => Promise<void>;
  /** Meta refused a send, and why. */
  readonly onRefusal: (row: SendRow, outcome: PartOutcome & { name: 'not_sent' }) => Promise<SendFailure>;
  /** Puts what was sent into the conversation. Never throws: what is not recorded is found again. */
  readonly record: (row: SendRow) => Promise<void>;
  /** Tells subscribers how a send ended that was not sent. Never throws: what is not told is found again. */
  readonly tell: (row: SendRow) => Promise<SendRow>;
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
/** Whoever has not renewed a lease for so long is taken for dead. */
const leaseMs = 12_000;
const renewEveryMs = 4_000;
/** A lease so young needs no renewal before a request. */
const youngLeaseMs = 1_000;
const longestWaitForTurnMs = 8_000;
/** What Meta calls a passing failure, and may not be one. */
const fewRequests = 3;
/** What waits for a resumption so long beyond its own time would come as a surprise. */
export const longestStopMs = 24 * 60 * 60_000;
const backoffMs = [2_000, 5_000, 15_000, 30_000, 60_000];

/** How far a call goes. */
export interface DrainLimits {
  /** No request is begun later: the caller must outlive the slowest one. */
  readonly beginBeforeMs: number;
  /** Sends after which the thread goes to the back of the queue, so that it keeps no other one waiting. */
  readonly maxSends: number;
  /** The send that the caller waits for, and knows: what stands behind it is left to the outbox. */
  readonly until?: SendId;
  /** The line as the caller left it, when they took the lease as they joined it. */
  readonly leased?: ThreadQueue | undefined;
}

/** Whether a call held the lease; if not, for how long somebody else may hold it yet. */
export type Drained = { readonly isOurs: true } | { readonly isOurs: false; readonly heldForMs: number };

/**
 * Sends what stands in line in one thread, in order, one at a time, until the line is empty, its head has to wait or
 * a limit is reached; then somebody is woken for the rest. Whoever is not the holder of the thread's lease sends
 * nothing.
 */
export async function drainThread(
  parts: OutboxParts,
  account: AccountId,
  thread: ThreadId,
  owner: string,
  { beginBeforeMs, maxSends, until, leased }: DrainLimits,
): Promise<Drained> {
  let leasedAtMs = (leased?.lease?.untilMs ?? 0) - leaseMs;
  const lease = () => {
    leasedAtMs = Date.now();
    return parts.queues.lease(thread, { owner, forMs: leaseMs });
  };
  const renew = async () => {
    if (Date.now() - leasedAtMs > youngLeaseMs) await lease();
  };
  let queue = leased?.lease?.owner === owner ? leased : await lease();
  if (queue.lease?.owner !== owner) {
    const heldForMs = queue.waiting.length > 0 ? (queue.lease?.untilMs ?? 0) - Date.now() : 0;
    return { isOurs: false, heldForMs: Math.max(0, heldForMs) };
  }
  let wait: { readonly waitMs: number } | 'for_resume' = { waitMs: 0 };
  try {
    let sends = 0;
    for (let head = queue.waiting[0]; head && Date.now() < beginBeforeMs; head = queue.waiting[0]) {
      const row = await (head === until ? parts.ledger.recall(head) : parts.ledger.find(head));
      const turn = { beginBeforeMs, lease, renew, afterMs: (queue.lastAtMs ?? 0) + parts.threadIntervalMs };
      const next = row ? await advance(parts, row, turn) : 'failed';
      if (next === 'for_resume' || typeof next === 'object') {
        wait = next;
        break;
      }
      if (next !== 'again') {
        sends += 1;
        const isLast = head === until || sends >= maxSends || queue.waiting.length === 1;
        queue = await parts.queues.leave(thread, head, next, isLast ? owner : undefined);
        if (isLast) break;
      }
      queue = await lease();
      if (queue.lease?.owner !== owner) break;
    }
  } finally {
    const left = queue.lease?.owner === owner ? await parts.queues.release(thread, owner) : queue;
    // What waits for a resumption is woken by it.
    if (left.waiting.length > 0 && wait !== 'for_resume') {
      await parts.wake(account, thread, Math.ceil(wait.waitMs / 1000));
    }
  }
  return { isOurs: true };
}

/** When a part may be sent, and what is renewed meanwhile. */
interface Turn {
  readonly beginBeforeMs: number;
  /** A thread has a limit of its own, of which Meta tells no number. MP §8.1 */
  readonly afterMs: number;
  readonly lease: () => Promise<ThreadQueue>;
  readonly renew: () => Promise<void>;
}

/** What became of the head; `again`: look at it again; else it has to wait, so long or until sending is resumed. */
type Next = 'sent' | 'failed' | 'unknown' | 'again' | 'for_resume' | { readonly waitMs: number };

/** Takes the head of the line one step on. */
async function advance(parts: OutboxParts, row: SendRow, turn: Turn): Promise<Next> {
  switch (row.state.name) {
    case 'sent':
    case 'failed':
    case 'unknown':
      return row.state.name;
    case 'sending':
      return giveUp(parts, row);
    case 'accepted':
      return sendNext(parts, row, turn);
  }
}

/** Whoever was sending it lost its lease: the request may have gone out, so nobody sends it again. */
async function giveUp(parts: OutboxParts, row: SendRow): Promise<Next> {
  return end(parts, row, { name: 'unknown', sinceMs: sendingSince(row), failure: brokeOff });
}

async function sendNext(
  parts: OutboxParts,
  row: SendRow,
  { beginBeforeMs, afterMs, lease, renew }: Turn,
): Promise<Next> {
  const part = row.parts[row.sentParts.length];
  if (!part) return (await parts.ledger.change(row, { state: { name: 'sent' } })) ? 'sent' : 'again';
  const nowMs = Date.now();
  const stop = await parts.stopOf(row);
  if (stop.isStopped) {
    if (nowMs >= row.deadlineMs + (row.lapses ? 0 : longestStopMs))
      return fail(parts, row, waitedTooLong(row, stop.failure), false);
    // Whoever waits for an answer is told why instead of waiting.
    return row.isAsync ? 'for_resume' : fail(parts, row, stop.failure, false);
  }
  const deadlineMs = row.deadlineMs + (row.lapses ? 0 : stop.stoodForMs);
  const waitsFor = row.state.name === 'accepted' ? row.state.because : undefined;
  if (nowMs >= deadlineMs) return fail(parts, row, waitedTooLong(row, waitsFor), false);
  const notBeforeMs = row.state.name === 'accepted' ? (row.state.notBeforeMs ?? 0) : 0;
  if (notBeforeMs > nowMs) return { waitMs: notBeforeMs - nowMs };
  if (row.ifLast !== undefined && row.sentParts.length === 0 && (await parts.isAnswered(row)))
    return fail(parts, row, answered, true);
  if (afterMs > nowMs) await delay(Math.min(afterMs - nowMs, parts.threadIntervalMs));
  const turnBeforeMs = Math.min(beginBeforeMs, deadlineMs, nowMs + longestWaitForTurnMs);
  if (!(await parts.waitForTurn(row, part.kind, turnBeforeMs))) return { waitMs: 1000 };

  await renew();
  const sending = await parts.ledger.change(row, {
    state: { name: 'sending', sinceMs: Date.now() },
    attempts: row.attempts + 1,
  });
  if (!sending) return 'again';
  const renewing = setInterval(() => void lease().catch(() => {}), renewEveryMs);
  try {
    return await settle(parts, sending, await parts.send(row.addressee, part, graphTimeoutMs[part.kind]));
  } finally {
    clearInterval(renewing);
  }
}

async function settle(parts: OutboxParts, row: SendRow, outcome: PartOutcome): Promise<Next> {
  switch (outcome.name) {
    case 'sent':
      return sent(parts, row, outcome);
    case 'unknown': {
      const state = {
        name: 'unknown',
        sinceMs: sendingSince(row),
        endedMs: Date.now(),
        ...(outcome.isAnswered && { isAnswered: true as const }),
        failure: outcome.failure,
      } as const;
      return end(parts, row, state);
    }
    case 'not_sent': {
      const failure = await parts.onRefusal(row, outcome);
      const isFinal =
        outcome.retry === 'never' || (outcome.retry === 'few_times' && row.attempts >= fewRequests);
      if (isFinal || !row.isAsync) return fail(parts, row, failure, isFinal);
      const waitMs = failure.retryAfterSeconds
        ? failure.retryAfterSeconds * 1000
        : (backoffMs[Math.min(row.attempts, backoffMs.length) - 1] ?? 0);
      const isStopped = outcome.retry === 'new_token' || outcome.retry === 'block_ends';
      const state = {
        name: 'accepted',
        because: failure,
        ...(!isStopped && { notBeforeMs: Date.now() + waitMs }),
      } as const;
      if (!(await parts.ledger.change(row, { state }))) return 'again';
      return isStopped ? 'for_resume' : { waitMs };
    }
  }
}

/** Meta has it. Whatever became of the row meanwhile (it may have been given up), this is the truth. */
async function sent(
  parts: OutboxParts,
  row: SendRow,
  outcome: PartOutcome & { name: 'sent' },
): Promise<Next> {
  const { ledger, record } = parts;
  const { messageId, recipientId, atMs } = outcome;
  const claimant = await ledger.claim(row.accountId, messageId, row.sendId);
  if (claimant !== row.sendId) await takeBack(parts, row, messageId, claimant);
  await parts.onSent(row, outcome);
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

/** Another send without an answer took this message for its own, by its content: Meta's answer knows better. */
async function takeBack(
  { ledger, queues, tell }: OutboxParts,
  { accountId, sendId }: SendRow,
  messageId: MessageId,
  claimant: SendId,
): Promise<void> {
  for (let other = await ledger.find(claimant); other; other = await ledger.find(claimant)) {
    if (other.sentParts.at(-1)?.messageId !== messageId) break;
    const state = { name: 'unknown', sinceMs: other.acceptedAtMs, failure: brokeOff } as const;
    const sentParts = other.sentParts.slice(0, -1);
    const changed = await ledger.change(other, { sentParts, state, isRecorded: false });
    if (!changed) continue;
    await tell(changed);
    await queues.leave(threadOf(other), other.sendId, 'unknown');
    break;
  }
  await ledger.reclaim(accountId, messageId, sendId);
}

const fail = (parts: OutboxParts, row: SendRow, failure: SendFailure, isFinal: boolean) =>
  end(parts, row, { name: 'failed', failure, isFinal });

async function end(
  { ledger, tell }: OutboxParts,
  row: SendRow,
  state: SendState & { readonly name: 'failed' | 'unknown' },
): Promise<Next> {
  const ended = await ledger.change(row, { state });
  if (!ended) return 'again';
  await tell(ended);
  return state.name;
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

const waitedTooLong = ({ acceptedAtMs }: SendRow, because: SendFailure | undefined): SendFailure => ({
  status: 503,
  code: 'waited_too_long',
  message: `It could not be sent in time and was not sent late. ${because ? `It waited because of this: ${because.message}` : 'The sends before it took too long.'} Send it again if it still fits.`,
  details: {
    waited_seconds: Math.round((Date.now() - acceptedAtMs) / 1000),
    ...(because && { because: because.code }),
  },
});

/**
 * Puts a row in line; a second time changes nothing. Who is to send it at once, if it is first, leases the thread by
 * this. @returns whether nothing stands before it.
 */
export async function standInLine(
  { queues }: Pick<OutboxParts, 'queues'>,
  row: SendRow,
  leaseFor?: string,
): Promise<{ readonly thread: ThreadId; readonly isFirst: boolean; readonly queue: ThreadQueue }> {
  const thread = threadOf(row);
  const wish = leaseFor === undefined ? undefined : { owner: leaseFor, forMs: leaseMs };
  const queue = await queues.join(thread, row.sendId, wish);
  return { thread, isFirst: queue.waiting[0] === row.sendId, queue };
}
