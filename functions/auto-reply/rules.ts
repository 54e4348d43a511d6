import * as z from 'zod/mini';

/** When and with what the auto-reply answers, as the stack gives it to the function: parsed and whole. */
export const autoReplyRules = z.object({
  /** Stands before each reply, and says that it is automatic. */
  note: z.string(),
  /** The first one that a text has a word of is used. */
  keywords: z.array(z.object({ words: z.array(z.string()), reply: z.string() })),
  away: z.optional(
    z.object({
      reply: z.string(),
      /** An IANA time zone. */
      time_zone: z.string(),
      /** In minutes of the day, `to` not included; 0 is Sunday. */
      hours: z.array(z.object({ day: z.int(), from: z.int(), to: z.int() })),
    }),
  ),
  /** Replies an hour in one conversation. */
  per_hour: z.int(),
  /** For so long after anybody else's answer it is silent. */
  quiet_hours: z.number(),
});
export type AutoReplyRules = z.infer<typeof autoReplyRules>;
export type AwayRule = NonNullable<AutoReplyRules['away']>;

/** The text that a customer gets. */
export const replyText = ({ note }: Pick<AutoReplyRules, 'note'>, reply: string) => `${note}\n${reply}`;
