import * as z from 'zod/mini';

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
