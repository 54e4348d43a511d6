import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { accountId } from '../../shared/instagram/ids.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { contentHash } from '../../shared/runtime/json.ts';
import type { ApiKey } from '../../shared/runtime/keys.ts';
import { NotConnectedError, secrets } from '../../shared/runtime/secrets.ts';
import { drainThread, graphTimeoutMs, standInLine } from '../../shared/sending/outbox.ts';
import { resolveUnknown } from '../../shared/sending/resolve-unknown.ts';
import { runtimeOutbox } from '../../shared/sending/runtime-outbox.ts';
import { type OutgoingPart, type SendId, type SendRow, threadOf } from '../../shared/sending/send-row.ts';
import { checkBeforeSending } from './check-before-sending.ts';
import { addresseeOf, partsOf } from './outgoing.ts';
import type { SendMessageRequest } from './request.ts';

export interface Submission {
  readonly apiKey: ApiKey;
  readonly idempotencyKey: string | undefined;
  /** The caller does not wait for Meta. */
  readonly isAsync: boolean;
  /** How long this invocation may still take, in ms. */
  readonly remainingMs: number;
}

/** A caller who waits is gone by then, and one who does not wait has moved on. */
const syncLifetimeMs = 60_000;
const asyncLifetimeMs = 10 * 60_000;
/** How long a second caller of the same send waits for the first. */
const longestWatchMs = 20_000;
const watchEveryMs = 200;
/** Left for writing down the outcome. */
const reserveMs = 2_000;

/**
 * Sends a message once, whoever asks how often with the same key.
 * @returns the row as it is then: sent, failed, unknown, or still on its way.
 * @throws HttpError 400 or 409 for what is not sent at all.
 */
export async function submit(request: SendMessageRequest, submission: Submission): Promise<SendRow> {
  const { ledger } = runtimeOutbox();
  const sendId = sendIdOf(submission.apiKey, submission.idempotencyKey);
  const bodyHash = contentHash(request);
  const known = submission.idempotencyKey === undefined ? undefined : await ledger.find(sendId);
  let stored = known;
  if (!stored) {
    const row = await rowOf(request, submission, sendId, bodyHash);
    await checkBeforeSending(request, row);
    stored = await ledger.accept(row);
    if (stored === row) return send(row, submission);
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
async function send(row: SendRow, submission: Submission): Promise<SendRow> {
  const outbox = runtimeOutbox();
  const beginBeforeMs = Date.now() + submission.remainingMs - graphTimeoutMs.text - reserveMs;
  const { thread, isFirst } = await standInLine(outbox, row);
  if (row.isAsync || !isFirst || Date.now() >= beginBeforeMs) return leaveToOutbox(row);
  const isOurs = await drainThread(outbox, row.accountId, thread, randomUUID(), beginBeforeMs);
  // Another caller of the same send, or the outbox, is at it.
  const after = isOurs ? await current(row) : await watch(row, submission);
  if (after.state.name === 'accepted') return leaveToOutbox(after);
  if (after.state.name !== 'unknown') return after;
  await resolveUnknown(outbox, row.accountId, thread);
  return current(row);
}

/** Nobody waits for it any more, so it is tried again until its time is up. */
async function leaveToOutbox(row: SendRow): Promise<SendRow> {
  const { ledger, wake } = runtimeOutbox();
  const changed = await ledger.change(row, {
    isAsync: true,
    deadlineMs: row.acceptedAtMs + asyncLifetimeMs,
  });
  await wake(row.accountId, threadOf(row), 0);
  return changed ?? current(row);
}

/** The same send again: its outcome, or the rest of it. */
async function goOn(stored: SendRow, submission: Submission): Promise<SendRow> {
  const { ledger, queues } = runtimeOutbox();
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
      const { waiting } = await queues.read(threadOf(stored));
      if (!waiting.includes(stored.sendId)) return send(stored, submission);
      return watch(stored, submission);
    }
    case 'sending':
      return watch(stored, submission);
  }
}

/** Waits for another caller of the same send, for a while. */
async function watch(row: SendRow, { isAsync, remainingMs }: Submission): Promise<SendRow> {
  const untilMs = Date.now() + Math.min(longestWatchMs, remainingMs - reserveMs);
  let seen = row;
  while (
    !isAsync &&
    (seen.state.name === 'accepted' || seen.state.name === 'sending') &&
    Date.now() < untilMs
  ) {
    await delay(watchEveryMs);
    seen = await current(row);
  }
  return seen;
}

async function current(row: SendRow): Promise<SendRow> {
  return (await runtimeOutbox().ledger.find(row.sendId)) ?? row;
}
