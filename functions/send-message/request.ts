import * as z from 'zod/mini';

/** UTF-8 bytes. https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api */
export const maxTextBytes = 1000;

const idField = (name: string) =>
  z
    .string({
      error: ({ input }) =>
        input === undefined
          ? `${name} is required.`
          : `${name} must be a string: put the id in quotes, as a number it loses digits.`,
    })
    .check(
      z.regex(/^[A-Za-z0-9_-]{1,64}$/, {
        error: `${name} must be an id of up to 64 letters and digits, as GET /api/conversations shows it, not a username.`,
      }),
    );

const text = z
  .string({
    error: ({ input }) => (input === undefined ? 'message is required.' : 'message must be a string.'),
  })
  .check(
    z.refine((value) => value.trim() !== '', { error: 'message is blank: give it some text.' }),
    z.refine((value) => Buffer.byteLength(value) <= maxTextBytes, {
      error: ({ input }) =>
        `message has ${Buffer.byteLength(String(input))} bytes of UTF-8, and Instagram takes at most ${maxTextBytes}: shorten it or send it in parts.`,
    }),
  );

const replyTo = z
  .string({ error: 'reply_to must be a string: the id of the message to reply to.' })
  .check(
    z.minLength(1, { error: 'reply_to is empty: leave it out, or give the id of the message to reply to.' }),
    z.maxLength(512, { error: 'reply_to is longer than any message id.' }),
  );

export const sendMessageRequest = z
  .strictObject(
    {
      recipient_id: idField('recipient_id'),
      message: text,
      reply_to: z.optional(replyTo),
      /** The newest message that the sender saw: an answer in between stops this one. */
      if_last: z.optional(
        z
          .string({ error: 'if_last must be a string: the id of the newest message that you saw.' })
          .check(
            z.minLength(1, { error: 'if_last is empty.' }),
            z.maxLength(512, { error: 'if_last is longer than any message id.' }),
          ),
      ),
      force: z.optional(z.boolean({ error: 'force must be true or false.' })),
    },
    {
      error: ({ code, ...issue }) =>
        code === 'unrecognized_keys'
          ? `Unknown field: ${(issue as { keys?: string[] }).keys?.join(', ')}. The fields are recipient_id, message, reply_to, if_last and force.`
          : 'The body must be a JSON object with recipient_id and message.',
    },
  )
  .register(z.globalRegistry, {
    id: 'SendMessageRequest',
    description: 'A text to a customer who has written before.',
    examples: [{ recipient_id: '123456789', message: 'Hello there!' }],
  });

export type SendMessageRequest = z.infer<typeof sendMessageRequest>;
