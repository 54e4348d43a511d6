import * as z from 'zod/mini';
import { maxReplies, maxTextBytes, maxTitleLength } from './saved-replies.ts';

const id = z.string().check(z.regex(/^[\w-]{1,64}$/, { error: 'id has 1 to 64 letters, digits, - or _.' }));
const title = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, { error: 'title is empty.' }),
    z.maxLength(maxTitleLength, { error: `title has more than ${maxTitleLength} characters.` }),
  );
const text = z.string({ error: 'text must be a string.' }).check(
  z.refine((value) => value.trim() !== '', { error: 'text is empty.' }),
  z.refine((value) => Buffer.byteLength(value) <= maxTextBytes, {
    error: ({ input }) =>
      `text has ${Buffer.byteLength(String(input))} bytes; a saved reply has at most ${maxTextBytes}.`,
  }),
);

export const savedReplyView = z.object({ id, title, text }).register(z.globalRegistry, {
  id: 'SavedReply',
  description: '`{name}` in its text stands for the customer.',
});

export const savedRepliesView = z.object({
  success: z.literal(true),
  data: z.array(savedReplyView),
  version: z.int(),
});

export const saveRepliesRequest = z
  .strictObject(
    {
      replies: z
        .array(z.strictObject({ id: z.optional(id), title, text }), { error: 'replies must be a list.' })
        .check(z.maxLength(maxReplies, { error: `At most ${maxReplies} replies are kept.` })),
      version: z.int({ error: 'version must be the number that GET /api/saved-replies gave.' }),
    },
    { error: 'The body must be a JSON object with replies and version.' },
  )
  .register(z.globalRegistry, {
    id: 'SaveRepliesRequest',
    description: 'All replies there shall be, in their order.',
    examples: [
      {
        replies: [{ title: 'Opening hours', text: 'Hi {name}, we are open from 9 to 18.' }],
        version: 0,
      },
    ],
  });
