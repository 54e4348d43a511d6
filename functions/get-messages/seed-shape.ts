import * as z from 'zod/mini';
import type { ReplyWindow } from '../../shared/conversations/reply-window.ts';
import { replyWindowView, viewReplyWindow } from '../../shared/conversations/views.ts';

/**
 * The shape of `GET /api/get-messages`: that of Graph's conversations, with what a sender needs added. Times
 * are in Meta's form, `2024-01-01T12:00:00+0000`.
 */
const person = z.object({ id: z.string(), username: z.optional(z.string()) });

export const graphMessageView = z.object({
  id: z.string(),
  created_time: z.optional(z.string()),
  from: person,
  to: z.object({ data: z.array(person) }),
  message: z.string(),
});
export type GraphMessageView = z.infer<typeof graphMessageView>;

export const graphConversationView = z
  .object({
    id: z.string(),
    updated_time: z.string(),
    participants: z.object({ data: z.array(person) }),
    messages: z.object({ data: z.array(graphMessageView) }),
    recipient_id: z.optional(z.string()),
    can_reply: z.boolean(),
    reply_window: replyWindowView,
  })
  .register(z.globalRegistry, {
    id: 'ConversationWithMessages',
    description:
      'A conversation in the form of the Graph API; `recipient_id` is what POST /api/send-message takes.',
  });
export type GraphConversationView = z.infer<typeof graphConversationView>;

/** What both sources give: conversations, and in plain words what is missing from them. */
export interface Conversations {
  readonly data: readonly GraphConversationView[];
  readonly warnings: readonly string[];
}

export const metaTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}+0000`;

/** The window's part of a conversation; `undefined` when the time of the customer's last message is not known. */
export function windowFields(
  window: ReplyWindow | undefined,
): Pick<GraphConversationView, 'can_reply' | 'reply_window'> {
  return window
    ? viewReplyWindow(window)
    : { can_reply: false, reply_window: { state: 'unknown', reason: 'no_customer_message_read' } };
}
