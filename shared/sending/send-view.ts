import * as z from 'zod/mini';
import type { MessageState } from '../conversations/message-state.ts';
import type { SendRow } from './send-row.ts';

/** The shape in which the API shows a send. Times are ISO 8601, UTC. */
export const sendView = z
  .object({
    send_id: z.string(),
    /** `confirmed`: Meta's own echo of every message has come; `read`: the customer saw the last one. */
    state: z.enum(['accepted', 'sending', 'sent', 'confirmed', 'read', 'failed', 'unknown']),
    recipient_id: z.optional(z.string()),
    comment_id: z.optional(z.string()),
    sent_by: z.object({ name: z.string(), kind: z.enum(['human', 'bot']) }),
    accepted_at: z.string(),
    messages: z.array(
      z.object({
        message_id: z.string(),
        sent_at: z.string(),
        confirmed_by: z.optional(z.enum(['mid', 'content'])),
        read_at: z.optional(z.string()),
      }),
    ),
    /** How many messages the request needs. */
    parts: z.int(),
    error: z.optional(
      z.object({
        status: z.int(),
        code: z.string(),
        error: z.string(),
        details: z.optional(z.record(z.string(), z.unknown())),
        /** The same Idempotency-Key sends it again. */
        can_be_sent_again: z.boolean(),
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'Send', description: 'What became of a send.' });
export type SendView = z.infer<typeof sendView>;

/** @param messages what is stored of each sent message, in order. */
export function viewSend(row: SendRow, messages: readonly (MessageState | undefined)[]): SendView {
  const { addressee, sentBy, sentParts, state } = row;
  return {
    send_id: row.sendId,
    state: stateOf(row, messages),
    ...('customerId' in addressee
      ? { recipient_id: addressee.customerId }
      : { comment_id: addressee.commentId }),
    sent_by: { name: sentBy.name, kind: sentBy.kind },
    accepted_at: iso(row.acceptedAtMs),
    messages: sentParts.map(({ messageId, atMs, foundBy }, place) => {
      const message = messages[place];
      const confirmedBy = foundBy ?? (isConfirmed(message) ? ('mid' as const) : undefined);
      return {
        message_id: messageId,
        sent_at: iso(atMs),
        ...(confirmedBy && { confirmed_by: confirmedBy }),
        ...(message?.readAtMs !== undefined && { read_at: iso(message.readAtMs) }),
      };
    }),
    parts: row.parts.length,
    ...((state.name === 'failed' || state.name === 'unknown') && {
      error: {
        status: state.failure.status,
        code: state.failure.code,
        error: state.failure.message,
        ...(state.failure.details && { details: { ...state.failure.details } }),
        can_be_sent_again: state.name === 'failed' && !state.isFinal,
      },
    }),
  };
}

function stateOf({ state }: SendRow, messages: readonly (MessageState | undefined)[]): SendView['state'] {
  if (state.name !== 'sent') return state.name;
  if (messages.at(-1)?.readAtMs !== undefined) return 'read';
  return messages.every(isConfirmed) ? 'confirmed' : 'sent';
}

/** Meta told of it by itself, not only in the answer to our send. */
const isConfirmed = (message: MessageState | undefined) =>
  message?.via.some((via) => via === 'messaging' || via === 'standby' || via === 'graph') === true;

const iso = (atMs: number) => new Date(atMs).toISOString();
