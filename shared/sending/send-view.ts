import type { MessageState } from '../conversations/message-state.ts';
import type { SendRow } from './send-row.ts';
import type { SendView } from './send-shape.ts';

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
