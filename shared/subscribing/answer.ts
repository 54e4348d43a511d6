import { aliasStore } from '../conversations/alias-store.ts';
import type { PublishedEvent, SendUpdated } from '../conversations/published-event.ts';
import { replyWindow } from '../conversations/reply-window.ts';
import { summaryStore } from '../conversations/summary-store.ts';
import type { AccountId, CustomerId } from '../instagram/ids.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';
import { contentHash } from '../runtime/json.ts';
import { standInLine } from '../sending/outbox.ts';
import { runtimeLines } from '../sending/runtime-lines.ts';
import type { SendId, SendRow } from '../sending/send-row.ts';
import { sendingStops } from '../sending/sending-stop.ts';
import { maxAnswerBytes } from './max-answer-bytes.ts';

/** An answer that could not go out by then is too late to be one. */
const lifetimeMs = 10 * 60_000;

/** `accepted`: it is in the outbox, which sends it. `GET /api/sends/{send_id}` tells what becomes of it. */
export type Answered =
  | { readonly state: 'accepted'; readonly sendId: SendId }
  | { readonly state: 'not_sent'; readonly because: 'reply_window' | 'sending_stopped' };

type AnsweredEvent = Exclude<PublishedEvent, SendUpdated>;

/** The send by which `by` answers the event's message: one, however often and under whichever id it was delivered. */
export function answerId(event: Pick<PublishedEvent, 'account_id' | 'message_id'>, by: string): SendId {
  return contentHash(['answer', by, event.account_id, event.message_id]) as SendId;
}

/**
 * Answers the customer of an event with a text, once: `by` answers a message with no second one, whatever text a
 * later call has. It is an ordinary send, shown as sent by `by`, a bot; when somebody has answered since the event's
 * message, it is not sent. Nothing is sent outside the reply window, nor while sending is stopped; what cannot go out
 * within ten minutes is not sent late.
 *
 * The function needs `store.grant(…, 'GetItem', 'PutItem')` and `sends.grantSend(…)`.
 * @throws RangeError for a text of no or more than 999 bytes of UTF-8, and for a `send.updated`.
 */
export async function answer(event: PublishedEvent, text: string, by: string): Promise<Answered> {
  if (event.type === 'send.updated')
    throw new RangeError('A message is answered, not a send: subscribe to others');
  const bytes = Buffer.byteLength(text);
  if (text.trim() === '' || bytes > maxAnswerBytes) {
    throw new RangeError(`An answer has 1 to ${maxAnswerBytes} bytes of text, not ${bytes}`);
  }
  const { ledger, queues, wake } = runtimeLines();
  const sendId = answerId(event, by);
  const known = await ledger.find(sendId);
  if (!known) {
    const hindrance = await hindranceOf(event);
    if (hindrance) return { state: 'not_sent', because: hindrance };
  }
  const row = known ?? (await ledger.accept(await rowOf(event, text, by)));
  if (row.state.name === 'accepted') {
    // Also what is known: whoever accepted it may have died before it stood in line.
    const { thread, isFirst } = await standInLine({ queues }, row);
    if (isFirst) await wake(row.accountId, thread, 0);
  }
  return { state: 'accepted', sendId };
}

async function hindranceOf(event: AnsweredEvent) {
  const key = { accountId: event.account_id as AccountId, customerId: event.customer_id as CustomerId };
  const summary = await summaryStore(dynamodb(), required('TABLE_NAME')).find(key);
  if (replyWindow(summary, Date.now(), false).state !== 'open') return 'reply_window' as const;
  const stops = sendingStops(dynamodb(), required('TABLE_NAME'), key.accountId);
  const { pausedAtMs, byMeta } = await stops.read();
  // With a refused token somebody has to ask whether it is good again: that is left to the outbox.
  const isBlocked = byMeta?.reason === 'blocked_by_policy' && byMeta.untilMs > Date.now();
  return pausedAtMs !== undefined || isBlocked ? ('sending_stopped' as const) : undefined;
}

async function rowOf(event: AnsweredEvent, text: string, by: string): Promise<SendRow> {
  const key = { accountId: event.account_id as AccountId, customerId: event.customer_id as CustomerId };
  const { customerId } = await aliasStore(dynamodb(), required('TABLE_NAME')).canonicalOf(key);
  const acceptedAtMs = Date.now();
  return {
    sendId: answerId(event, by),
    bodyHash: contentHash(text),
    sentBy: { keyId: by, name: by, kind: 'bot' },
    accountId: key.accountId,
    addressee: { customerId },
    parts: [{ kind: 'text', message: { text } }],
    sentParts: [],
    state: { name: 'accepted' },
    ifLast: event.message_id,
    acceptedAtMs,
    deadlineMs: acceptedAtMs + lifetimeMs,
    lapses: true,
    isAsync: true,
    attempts: 0,
    isRecorded: false,
    revision: 0,
  };
}
