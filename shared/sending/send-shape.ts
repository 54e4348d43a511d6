import * as z from 'zod/mini';

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
