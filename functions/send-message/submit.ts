import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { accountId } from '../../shared/instagram/ids.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { contentHash } from '../../shared/runtime/json.ts';
import type { ApiKey } from '../../shared/runtime/keys.ts';
import { NotConnectedError, secrets } from '../../shared/runtime/secrets.ts';
import { drainThread, graphTimeoutMs, type OutboxParts, standInLine } from '../../shared/sending/outbox.ts';
import { resolveUnknown } from '../../shared/sending/resolve-unknown.ts';
import { runtimeOutbox } from '../../shared/sending/runtime-outbox.ts';
import { type OutgoingPart, type SendId, type SendRow, threadOf } from '../../shared/sending/send-row.ts';
import type { ThreadQueue } from '../../shared/sending/thread-queue.ts';
import { checkBeforeSending } from './check-before-sending.ts';
import { addresseeOf, partsOf } from './outgoing.ts';
import type { SendMessageRequest } from './request.ts';

export interface Submission {
  readonly apiKey: ApiKey;
  readonly idempotencyKey: string | undefined;
  /** The caller does not wait for Meta. */
  readonly isAsync: boolean;
  readonly startedAtMs: number;
  /** How long this invocation may take from then on, in ms. */
  readonly remainingMs: number;
}

/** A caller who waits is gone by then, and one who does not wait has moved on. */
const syncLifetimeMs = 60_000;
const asyncLifetimeMs = 10 * 60_000;
/** How long a second caller of the same send waits for the first. */
const longestWatchMs = 20_000;
const watchEveryMs = 200;
/** How often a waiting caller tries to go on itself with what a dead one left behind. */
const tryEveryMs = 1_000;
const unwokenAfterMs = 5_000;
/** What stands before a caller's own send, and may be sent by them on the way. */
const maxSends = 10;
/** Left for writing down the outcome. */
const reserveMs = 2_000;

/**
 * Sends a message once, whoever asks how often with the same key.
 * @returns the row as it is then: sent, failed, unknown, or still on its way.
 * @throws HttpError 400 or 409 for what is not sent at all.
 */
export async function submit(request: SendMessageRequest, submission: Submission): Promise<SendRow> {
  const outbox = runtimeOutbox();
  const { ledger, queues } = outbox;
  const sendId = sendIdOf(submission.apiKey, submission.idempotencyKey);
  const bodyHash = contentHash(request);
  const known = submission.idempotencyKey === undefined ? undefined : await ledger.find(sendId);
  let stored = known;
  if (!stored) {
    const row = await rowOf(request, submission, sendId, bodyHash);
    // The line is looked at meanwhile, so that joining it is a write alone.
    await Promise.all([checkBeforeSending(request, row), queues.read(threadOf(row))]);
    stored = await ledger.accept(row);
    if (stored === row) return send(row, submission, outbox);
  }
  if (stored.bodyHash !== bodyHash) throw otherBody(sendId);
  return goOn(stored, submission);
}

async function rowOf(
  request: SendMessageRequest,
  submission: Submission,
  sendId: SendId,
  bodyHash: string,
): Promise<SendRow> {
  const { apiKey } = submission;
  const { ig_user_id, login } = await secrets.graph();
  const account = accountId(ig_user_id);
  if (!account) throw new NotConnectedError('IG_USER_ID is no id');
  const parts = partsOf(request, login);
  return {
    sendId,
    bodyHash,
    sentBy: { keyId: apiKey.id, name: apiKey.name, kind: apiKey.kind },
    accountId: account,
    addressee: await addresseeOf(request, account),
    parts,
    sentParts: [],
    state: { name: 'accepted' },
    ...termsOf(parts, submission),
    attempts: 0,
    isRecorded: false,
    revision: 0,
    ...(request.if_last !== undefined && { ifLast: request.if_last }),
  };
}

/** How long it is tried from now on. Meta fetches audio and video for longer than a caller is kept waiting. */
function termsOf(parts: readonly OutgoingPart[], submission: Submission) {
  const acceptedAtMs = Date.now();
  const isAsync = submission.isAsync || parts.some(({ kind }) => kind === 'media');
  return { acceptedAtMs, deadlineMs: acceptedAtMs + (isAsync ? asyncLifetimeMs : syncLifetimeMs), isAsync };
}

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/** Two keys' holders may use the same idempotency key: neither sees the other's send. */
function sendIdOf(apiKey: ApiKey, idempotencyKey: string | undefined): SendId {
  if (idempotencyKey === undefined) return randomUUID() as SendId;
  if (keyPattern.test(idempotencyKey)) return contentHash([apiKey.id, idempotencyKey]) as SendId;
  throw new HttpError(
    400,
    'invalid_idempotency_key',
    'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces, such as a UUID.',
  );
}

function otherBody(sendId: SendId): HttpError {
  return new HttpError(
    409,
    'idempotency_key_reused',
    'This Idempotency-Key was used with another body: take a new key for a new message.',
    { details: { send_id: sendId } },
  );
}

/** Puts a row in line, and sends it when it is its turn. */
async function send(row: SendRow, submission: Submission, outbox = runtimeOutbox()): Promise<SendRow> {
  const owner = randomUUID();
  const mayBegin = !row.isAsync && Date.now() < beginBefore(submission);
  const { thread, isFirst, queue } = await standInLine(outbox, row, mayBegin ? owner : undefined);
  const isOurs = queue.lease?.owner === owner;
  if (!row.isAsync && !isOurs) {
    // Queued without a word it would look as if it were on its way.
    const stop = await outbox.stopOf(row);
    if (stop.isStopped) {
      await outbox.queues.leave(thread, row.sendId, 'failed');
      const state = { name: 'failed', failure: stop.failure, isFinal: false } as const;
      const failed = await outbox.ledger.change(row, { state });
      return failed ? outbox.tell(failed) : current(row);
    }
  }
  if (!isFirst || !mayBegin) {
    // Whoever is before it wakes the outbox for what is left.
    if (isFirst) await outbox.wake(row.accountId, thread, 0);
    return row.isAsync ? row : leaveToOutbox(row);
  }
  const after = await watch(row, submission, { outbox, owner, ...(isOurs && { leased: queue }) });
  if (after.state.name === 'accepted') return leaveToOutbox(after);
  if (after.state.name !== 'unknown') return after;
  await resolveUnknown(outbox, row.accountId, thread);
  return current(row);
}

const beginBefore = ({ startedAtMs, remainingMs }: Submission) =>
  startedAtMs + remainingMs - graphTimeoutMs.text - reserveMs;

/** Nobody waits for it any more, so it is tried again until its time is up. */
async function leaveToOutbox(row: SendRow): Promise<SendRow> {
  if (row.isAsync) return row;
  const changed = await runtimeOutbox().ledger.change(row, {
    isAsync: true,
    deadlineMs: row.acceptedAtMs + asyncLifetimeMs,
  });
  return changed ?? current(row);
}

/** The same send again: its outcome, or the rest of it. */
async function goOn(stored: SendRow, submission: Submission): Promise<SendRow> {
  const { ledger, queues, wake } = runtimeOutbox();
  switch (stored.state.name) {
    case 'sent':
    case 'unknown':
      return stored;
    case 'failed': {
      if (stored.state.isFinal) return stored;
      const again = await ledger.change(stored, {
        state: { name: 'accepted' },
        ...termsOf(stored.parts, submission),
        attempts: 0,
      });
      return again ? send(again, submission) : goOn(await current(stored), submission);
    }
    case 'accepted': {
      // Whoever accepted it may have died before it stood in line.
      const { waiting, lease } = await queues.read(threadOf(stored));
      if (!waiting.includes(stored.sendId)) return send(stored, submission);
      const isLeft = waiting[0] === stored.sendId && (lease?.untilMs ?? 0) < Date.now() && isDue(stored);
      if (isLeft && submission.isAsync) await wake(stored.accountId, threadOf(stored), 0);
      return watch(stored, submission);
    }
    case 'sending':
      return watch(stored, submission);
  }
}

/** Who sends, and with which lease already. */
interface Sender {
  readonly outbox: OutboxParts;
  readonly owner: string;
  readonly leased?: ThreadQueue;
}

/**
 * Waits for the outcome of a send that stands in line, and sends it where nobody else is at it: another caller of the
 * same send, or the outbox, may be, and may have died over it.
 */
async function watch(
  row: SendRow,
  submission: Submission,
  { outbox, owner, leased }: Sender = { outbox: runtimeOutbox(), owner: randomUUID() },
): Promise<SendRow> {
  const untilMs = Date.now() + Math.min(longestWatchMs, submission.remainingMs - reserveMs);
  const limits = { beginBeforeMs: beginBefore(submission), maxSends, until: row.sendId, leased };
  let triesAtMs = 0;
  let seen = row;
  for (;;) {
    if (!submission.isAsync && isOpen(seen) && Date.now() >= triesAtMs && Date.now() < limits.beginBeforeMs) {
      const drained = await drainThread(outbox, row.accountId, threadOf(row), owner, limits);
      triesAtMs = Date.now() + tryEveryMs;
      // What it did not settle has to wait, longer than a caller would.
      if (drained.isOurs) return (await outbox.ledger.recall(row.sendId)) ?? row;
      seen = await current(row);
    }
    if (submission.isAsync || !isOpen(seen) || Date.now() >= untilMs) return seen;
    await delay(watchEveryMs);
    seen = await current(row);
  }
}

/** It stands first for so long that whoever was to wake the outbox may have died before. */
const isDue = ({ state, acceptedAtMs }: SendRow) =>
  Date.now() >
  Math.max(acceptedAtMs + unwokenAfterMs, state.name === 'accepted' ? (state.notBeforeMs ?? 0) : 0);

const isOpen = ({ state }: SendRow) => state.name === 'accepted' || state.name === 'sending';

async function current(row: SendRow): Promise<SendRow> {
  return (await runtimeOutbox().ledger.find(row.sendId)) ?? row;
}
