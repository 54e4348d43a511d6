import type { CustomerId } from '../instagram/ids.ts';
import { HttpError } from '../runtime/http/http-error.ts';
import type { Contact } from './contact-store.ts';
import type { StoredConversation, StoredMessage } from './conversation-reader.ts';
import type { MessageState } from './message-state.ts';
import { type ReplyWindow, replyWindow } from './reply-window.ts';
import { readTimelineKey, type Summary } from './summary.ts';
import { type ConversationKey, conversationId } from './table-keys.ts';
import type { ConversationView, MessageView } from './view-shapes.ts';

export function unknownConversation(): HttpError {
  return new HttpError(
    404,
    'unknown_conversation',
    'There is no conversation of this id: take the "id" that GET /api/conversations shows.',
  );
}

export interface ViewOptions {
  readonly nowMs: number;
  /** Whether Meta approved the Human Agent feature. */
  readonly humanAgent: boolean;
}

export function viewMessage({ id, state }: StoredMessage): MessageView {
  const { kind, is_self: _, attachments, ...content } = state.content?.value ?? { kind: 'unknown' as const };
  const { via, sentAt, sentBy, readAtMs, editedAtMs, deletedAtMs, absence } = state;
  const reactions = reactionsOf(state);
  return {
    id,
    direction: state.direction ?? 'unknown',
    kind: deletedAtMs === undefined ? kind : 'deleted',
    ...(state.text && { text: state.text.value }),
    ...(attachments && { attachments: [...attachments] }),
    ...content,
    ...(reactions.length > 0 && { reactions }),
    ...(sentBy && { sent_by: { name: sentBy.name, kind: sentBy.kind, send_id: sentBy.sendId } }),
    ...(sentAt && { sent_at: iso(sentAt.atMs) }),
    ...(readAtMs !== undefined && { read_at: iso(readAtMs) }),
    ...(editedAtMs !== undefined && { edited_at: iso(editedAtMs) }),
    ...(deletedAtMs !== undefined && { deleted_at: iso(deletedAtMs) }),
    ...(absence?.isAbsent && { missing_at_meta_since: iso(absence.atMs) }),
    ...(via.includes('graph') && !via.includes('messaging') && { recovered: true as const }),
    ...(via.includes('standby') && !via.includes('messaging') && { standby: true as const }),
  };
}

/** Those that stand: one taken back is kept in the state alone, so that no late copy brings it back. */
function reactionsOf({ customerReaction, businessReaction }: MessageState) {
  return [
    { by: 'customer' as const, register: customerReaction },
    { by: 'business' as const, register: businessReaction },
  ].flatMap(({ by, register }) =>
    register?.value ? [{ by, ...register.value, at: iso(register.atMs) }] : [],
  );
}

export function viewConversation(
  conversation: StoredConversation,
  { newest, contact }: { readonly newest?: StoredMessage; readonly contact?: Contact },
  options: ViewOptions,
): ConversationView {
  const { summary, customerId, accountId } = conversation;
  return {
    ...addressOf(conversation),
    account_id: accountId,
    participant: viewContact(customerId, contact),
    last_activity_at: iso(readTimelineKey(summary.activityKey).atMs),
    ...(newest && { last_message: viewMessage(newest) }),
    unread: isUnread(summary),
    ...viewReplyWindow(replyWindow(summary, options.nowMs, options.humanAgent)),
  };
}

/** Whether the customer wrote something that nobody has answered or marked as read. */
export function isUnread({ lastInAtMs = 0, lastOutAtMs = 0, readByUsAtMs = 0 }: Summary): boolean {
  return lastInAtMs > Math.max(lastOutAtMs, readByUsAtMs);
}

export function viewContact(id: CustomerId, contact: Contact | undefined): ConversationView['participant'] {
  const { username, name, profilePic } = contact ?? {};
  return {
    id,
    ...(username !== undefined && { username }),
    ...(name !== undefined && { name }),
    ...(profilePic !== undefined && { profile_pic: profilePic }),
  };
}

/**
 * A page of messages, newest first. Who saw one message saw every earlier one: an answer of the business reads as
 * seen from the earliest receipt on that came for it or for a later one.
 */
export function viewMessages(messages: readonly StoredMessage[], summary: Summary = {}): MessageView[] {
  let seenAtMs = summary.readByThemAtMs;
  return messages.map((message) => {
    const { readAtMs, sentAt, direction } = message.state;
    if (readAtMs !== undefined) seenAtMs = Math.min(seenAtMs ?? readAtMs, readAtMs);
    const isSeen = direction === 'out' && seenAtMs !== undefined && sentAt && sentAt.atMs <= seenAtMs;
    return {
      ...viewMessage(message),
      ...(isSeen && { read_at: iso(seenAtMs ?? 0) }),
    };
  });
}

export function viewReplyWindow(window: ReplyWindow): Pick<ConversationView, 'can_reply' | 'reply_window'> {
  const { state, reason, openedAtMs, expiresAtMs } = window;
  return {
    can_reply: state === 'open' || state === 'human_agent',
    reply_window: {
      state,
      ...(openedAtMs !== undefined && { opened_at: iso(openedAtMs) }),
      ...(expiresAtMs !== undefined && { expires_at: iso(expiresAtMs) }),
      reason,
    },
  };
}

export function addressOf(conversation: ConversationKey): { id: string; recipient_id: CustomerId } {
  return { id: conversationId(conversation), recipient_id: conversation.customerId };
}

const iso = (atMs: number) => new Date(atMs).toISOString();
