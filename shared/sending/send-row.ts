import type { GraphFailure } from '../instagram/graph-failure.ts';
import type { AccountId, CustomerId, MessageId } from '../instagram/ids.ts';
import type { KeyKind } from '../runtime/keys.ts';

declare const brand: unique symbol;
export type SendId = string & { readonly [brand]: 'SendId' };

/** Whom a message goes to: a customer who wrote, or the author of a comment, whose id is not known yet. */
export type Addressee = { readonly customerId: CustomerId } | { readonly commentId: string };

/** Which of Meta's limits a call counts against. MP §8.1 */
export type SendKind = 'text' | 'media' | 'private_reply' | 'live_private_reply';

/** One message as Graph takes it, without its recipient. A request may need several, sent one after the other. */
export interface OutgoingPart {
  readonly kind: SendKind;
  /**
   * The `message` of `POST /me/messages`, with `upload_id` in place of an upload's `url`; empty once it was sent and
   * unsent again.
   */
  readonly message: Readonly<Record<string, unknown>>;
  readonly replyTo?: MessageId;
  readonly tag?: 'HUMAN_AGENT';
  readonly messagingType?: 'RESPONSE';
}

export interface SentPart {
  readonly messageId: MessageId;
  /** The customer's id as Meta named it: of a private reply it is the first time that it is told. */
  readonly recipientId: string;
  /** Meta's time of the answer, in ms; of one that was found later, the message's own. */
  readonly atMs: number;
  /** How a send without an answer was found out about. Absent: Meta answered. */
  readonly foundBy?: 'content';
  /** When Meta can have made the message of a send that was found out about later: which another one may be. */
  readonly within?: { readonly fromMs: number; readonly toMs: number };
}

/** Why a send ended without arriving, or without our knowing: what its caller is answered, every time. */
export type SendFailure = GraphFailure;

/**
 * - `accepted`: the next part is to be sent.
 * - `sending`: a request for it may be on its way; nobody else may send it.
 * - `sent`: Meta took every part.
 * - `failed`: this part surely did not arrive. `isFinal`: a retry cannot help; else the same key sends it again.
 * - `unknown`: the request went out and no answer came. It is never sent again.
 */
export type SendState =
  | {
      readonly name: 'accepted';
      readonly notBeforeMs?: number;
      /** Why the last try did not go through. */
      readonly because?: SendFailure;
    }
  | { readonly name: 'sending'; readonly sinceMs: number }
  | { readonly name: 'sent' }
  | { readonly name: 'failed'; readonly failure: SendFailure; readonly isFinal: boolean }
  | {
      readonly name: 'unknown';
      readonly sinceMs: number;
      /** When the request ended without an answer that tells; absent where nobody saw it end. */
      readonly endedMs?: number;
      /** Meta answered, so it was done with the request by then. */
      readonly isAnswered?: true;
      readonly failure: SendFailure;
    };

/** A send: its idempotency row and its place in the outbox, in one item. */
export interface SendRow {
  readonly sendId: SendId;
  /** Of the request: the same key with another body is a mistake of the caller's. */
  readonly bodyHash: string;
  readonly sentBy: { readonly keyId: string; readonly name: string; readonly kind: KeyKind };
  readonly accountId: AccountId;
  readonly addressee: Addressee;
  readonly parts: readonly OutgoingPart[];
  readonly sentParts: readonly SentPart[];
  readonly state: SendState;
  /** Since when it is `sent`, `failed` or `unknown`, and whether subscribers were told: of one sent, its messages tell. */
  readonly outcome?: { readonly atMs: number; readonly isTold: boolean };
  /** The newest message that its sender saw: with a newer answer it is not sent. */
  readonly ifLast?: string;
  readonly acceptedAtMs: number;
  /** Later than this it fails rather than arrive out of place. */
  readonly deadlineMs: number;
  /** A stop of sending gives it no more time: it is of use at once or not at all. */
  readonly lapses?: true;
  /** Nobody waits for the answer: what did not arrive is tried again until the deadline. */
  readonly isAsync: boolean;
  /** How often a request was made for the current part. */
  readonly attempts: number;
  /** How often Meta's own conversation was to be looked at for what became of it. */
  readonly lookups?: number;
  /** Whether the messages are in the conversation with who sent them. */
  readonly isRecorded: boolean;
  /** Counts the changes: a writer that saw an older row changes nothing. */
  readonly revision: number;
}

/** Sends of one thread go one after the other. */
export type ThreadId = string & { readonly [brand]: 'ThreadId' };

export function threadOf({ accountId, addressee }: Pick<SendRow, 'accountId' | 'addressee'>): ThreadId {
  const place = 'customerId' in addressee ? addressee.customerId : `comment.${addressee.commentId}`;
  return `${accountId}.${place}` as ThreadId;
}

/** Nothing more will happen to it by itself. */
export function isSettled({ state, outcome, isRecorded }: SendRow): boolean {
  return (state.name === 'failed' && outcome?.isTold !== false) || (state.name === 'sent' && isRecorded);
}
