import * as z from 'zod/mini';
import type { CustomerId } from '../instagram/ids.ts';
import { HttpError } from '../runtime/http/http-error.ts';
import type { Contact } from './contact-store.ts';
import type { StoredConversation, StoredMessage } from './conversation-reader.ts';
import type { MessageState } from './message-state.ts';
import { type ReplyWindow, replyWindow } from './reply-window.ts';
import { readTimelineKey, type Summary } from './summary.ts';
import { type ConversationKey, conversationId } from './table-keys.ts';

/** The shapes in which the API shows conversations and messages. Times are ISO 8601, UTC. */
const attachmentView = z.object({
  type: z.string(),
  url: z.optional(z.string()),
  title: z.optional(z.string()),
  raw: z.optional(z.unknown()),
});

const replyToView = z.union([
  z.object({ mid: z.string() }),
  z.object({
    story: z.object({
      id: z.optional(z.string()),
      url: z.optional(z.string()),
      raw: z.optional(z.unknown()),
    }),
  }),
]);

const reactionView = z.object({
  by: z.enum(['customer', 'business']),
  name: z.optional(z.string()),
  emoji: z.optional(z.string()),
  at: z.string(),
});

export const messageView = z
  .object({
    id: z.string(),
    direction: z.enum(['in', 'out', 'unknown']),
    kind: z.string(),
    text: z.optional(z.string()),
    attachments: z.optional(z.array(attachmentView)),
    reply_to: z.optional(replyToView),
    quick_reply: z.optional(z.object({ payload: z.string() })),
    postback: z.optional(z.object({ payload: z.string() })),
    referral: z.optional(z.record(z.string(), z.unknown())),
    optin: z.optional(z.record(z.string(), z.unknown())),
    handover: z.optional(z.record(z.string(), z.unknown())),
    comment: z.optional(z.record(z.string(), z.unknown())),
    reactions: z.optional(z.array(reactionView)),
    sent_by: z.optional(z.object({ name: z.string(), kind: z.enum(['human', 'bot']), send_id: z.string() })),
    sent_at: z.optional(z.string()),
    read_at: z.optional(z.string()),
    edited_at: z.optional(z.string()),
    deleted_at: z.optional(z.string()),
    missing_at_meta_since: z.optional(z.string()),
    recovered: z.optional(z.literal(true)),
    standby: z.optional(z.literal(true)),
    raw: z.optional(z.unknown()),
  })
  .register(z.globalRegistry, {
    id: 'Message',
    description: "One message; `id` is Meta's mid. An unsent message has `deleted_at` and no content.",
  });
export type MessageView = z.infer<typeof messageView>;

export const replyWindowView = z
  .object({
    state: z.enum(['open', 'human_agent', 'closed', 'never_opened', 'unknown']),
    opened_at: z.optional(z.string()),
    expires_at: z.optional(z.string()),
    reason: z.string(),
  })
  .register(z.globalRegistry, {
    id: 'ReplyWindow',
    description: "Whether Meta takes a message to this customer now. Only the customer's own events open it.",
  });

export const conversationView = z
  .object({
    id: z.string(),
    recipient_id: z.string(),
    account_id: z.string(),
    participant: z.object({
      id: z.string(),
      username: z.optional(z.string()),
      name: z.optional(z.string()),
      profile_pic: z.optional(z.string()),
    }),
    last_activity_at: z.string(),
    last_message: z.optional(messageView),
    unread: z.boolean(),
    can_reply: z.boolean(),
    reply_window: replyWindowView,
  })
  .register(z.globalRegistry, {
    id: 'Conversation',
    description: 'A conversation with one customer; `recipient_id` is what POST /api/send-message takes.',
  });
export type ConversationView = z.infer<typeof conversationView>;

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
