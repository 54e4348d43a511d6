import type { Message, MessageObject, Send, SendRequest } from '../api/shapes.ts';

/** A message written here that is not yet seen in the thread as Instagram's own. */
export interface Outgoing {
  /** Its Idempotency-Key: however often it is posted, it is sent once. */
  readonly key: string;
  /** The id of the API key it was written under: to the gateway the same Idempotency-Key of another key is another send. */
  readonly by?: string;
  readonly conversationId: string;
  readonly request: SendRequest;
  readonly writtenAt: string;
  /** The key of the message of ours right behind which it was written. */
  readonly behind?: string;
  readonly state: OutgoingState;
  readonly sendId?: string;
  readonly messageIds?: readonly string[];
  readonly parts?: number;
  readonly trouble?: Trouble;
}

export type OutgoingState =
  /** Behind an earlier one of this conversation, or for the connection. */
  | 'waiting'
  | 'posting'
  /** The gateway has it, and tries for ten minutes. */
  | 'accepted'
  | 'sent'
  /** It surely did not arrive. */
  | 'failed'
  /** It may have arrived. */
  | 'unknown'
  /** Another answer came in between, so it was not sent. */
  | 'answered_meanwhile';

export interface Trouble {
  readonly code: string;
  /** The gateway's own words: what happened and what to do. */
  readonly message: string;
  readonly canBeSentAgain: boolean;
}

export const isSettled = ({ state }: Outgoing): boolean =>
  state === 'sent' || state === 'failed' || state === 'unknown' || state === 'answered_meanwhile';

/** What the gateway tells of a send. */
export function withSend(outgoing: Outgoing, { state, messages, parts, error }: Send): Outgoing {
  const told = { ...outgoing, messageIds: messages.map(({ message_id }) => message_id), parts };
  if (state === 'accepted' || state === 'sending') return { ...told, state: 'accepted' };
  if (state !== 'failed' && state !== 'unknown') return { ...told, state: 'sent' };
  return withTrouble(told, state, {
    code: error?.code ?? state,
    message: error?.error ?? '',
    canBeSentAgain: error?.can_be_sent_again ?? false,
  });
}

export function withTrouble(outgoing: Outgoing, state: 'failed' | 'unknown', trouble: Trouble): Outgoing {
  if (trouble.code === 'answered_meanwhile') return { ...outgoing, state: 'answered_meanwhile', trouble };
  return { ...outgoing, state: trouble.code === 'outcome_unknown' ? 'unknown' : state, trouble };
}

/** The next one to post: one at a time for each conversation, in the order in which they were written. */
export function nextToPost(all: readonly Outgoing[], conversationId: string): Outgoing | undefined {
  const first = all.find((each) => each.conversationId === conversationId && !isSettled(each));
  return first?.state === 'waiting' ? first : undefined;
}

/** The message of ours behind which another is written, though the thread does not show it yet. */
export function newestUnshown(
  all: readonly Outgoing[],
  conversationId: string,
  messages: readonly Message[],
): string | undefined {
  const own = all.filter((each) => each.conversationId === conversationId);
  return notYetShown(own, messages).findLast((each) => !isSettled(each) || each.state === 'sent')?.key;
}

/**
 * What `if_last` names: the newest message that the writer saw. One that was written right behind another of ours
 * saw that one, whose id is known only once it is sent.
 */
export function lastSeen(all: readonly Outgoing[], { behind, request }: Outgoing): string | undefined {
  const before = behind === undefined ? undefined : all.find(({ key }) => key === behind);
  return (before?.state === 'sent' ? before.messageIds?.at(-1) : undefined) ?? request.if_last;
}

/** As long as the thread may need to show a sent message, and another may be written right behind it. */
const rememberedMs = 2 * 60_000;

/** Lets go of what was sent: the thread has it. */
export function forgetSent(all: readonly Outgoing[], nowMs: number): readonly Outgoing[] {
  const left = all.filter(
    ({ state, writtenAt }) => state !== 'sent' || nowMs - Date.parse(writtenAt) < rememberedMs,
  );
  return left.length === all.length ? all : left;
}

/** Leaves out what the thread shows as Instagram's own message. A failed one stays until somebody decides. */
export function notYetShown(all: readonly Outgoing[], messages: readonly Message[]): readonly Outgoing[] {
  const ids = new Set(messages.map(({ id }) => id));
  const sends = new Map<string, number>();
  for (const { sent_by } of messages) {
    if (sent_by) sends.set(sent_by.send_id, (sends.get(sent_by.send_id) ?? 0) + 1);
  }
  return all.filter(({ sendId, messageIds = [], parts = 1, state }) => {
    if (state === 'failed' || state === 'answered_meanwhile') return true;
    const isWhole = messageIds.length > 0 && messageIds.length >= parts;
    if (isWhole && messageIds.every((id) => ids.has(id))) return false;
    return sendId === undefined || (sends.get(sendId) ?? 0) < parts;
  });
}

/** How long a send that no answer came for is posted again by itself after a reload; it is sent once all the same. */
const freshMs = 10 * 60_000;

/** What was on its way when the page was closed. An old one waits for a person: it may no longer be wanted. */
export function afterReload(all: readonly Outgoing[], nowMs: number, tooOld: string): readonly Outgoing[] {
  return all
    .filter(({ state }) => state !== 'sent')
    .map((outgoing): Outgoing => {
      if (isSettled(outgoing) || outgoing.state === 'accepted') return outgoing;
      if (nowMs - Date.parse(outgoing.writtenAt) < freshMs) return { ...outgoing, state: 'waiting' };
      return withTrouble(outgoing, 'failed', { code: 'not_posted', message: tooOld, canBeSentAgain: true });
    });
}

/** What was written under another API key is not posted under this one: it may have been sent, and would be twice. */
export function withoutOthers(all: readonly Outgoing[], by: string, message: string): readonly Outgoing[] {
  const isOthers = (each: Outgoing) => each.state === 'waiting' && each.by !== by;
  if (!all.some(isOthers)) return all;
  const trouble = { code: 'outcome_unknown', message, canBeSentAgain: false };
  return all.map((each) => (isOthers(each) ? withTrouble(each, 'unknown', trouble) : each));
}

export function textOf({ request: { message } }: Outgoing): string | undefined {
  return typeof message === 'string' ? message : message.text;
}

export function mediaOf({ request: { message } }: Outgoing): keyof MessageObject | undefined {
  if (typeof message === 'string') return undefined;
  return (['image', 'video', 'audio', 'file', 'sticker'] as const).find(
    (kind) => message[kind] !== undefined,
  );
}
