import * as z from 'zod/mini';
import { replyWindowView } from '../../shared/conversations/view-shapes.ts';

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
