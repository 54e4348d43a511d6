import * as z from 'zod/mini';
import {
  atMost,
  kindError,
  objectError,
  shortText,
  typeError,
} from '../../shared/runtime/http/field-faults.ts';

const maxQuickReplies = 13;
/** Meta cuts a longer one, so that the customer reads half a word. */
const maxTitleCharacters = 20;

/** A text to tap, or the customer's own address or number, which Instagram fills in. MP §3.7 */
const quickReply = z.discriminatedUnion(
  'content_type',
  [
    z.strictObject(
      {
        content_type: z.literal('text'),
        title: shortText(maxTitleCharacters),
        payload: z
          .string({ error: typeError('a string') })
          .check(z.minLength(1, { error: '{field} is empty: your code gets it when the reply is tapped.' })),
      },
      { error: objectError('content_type, title and payload') },
    ),
    z.strictObject(
      { content_type: z.enum(['user_email', 'user_phone_number']) },
      { error: objectError('content_type alone') },
    ),
  ],
  { error: kindError('content_type', 'text, user_email or user_phone_number') },
);

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/quick-replies */
export const quickReplies = z
  .array(quickReply, { error: '{field} must be a list.' })
  .check(
    z.minLength(1, { error: '{field} is empty: leave it out, or give 1 to 13 replies.' }),
    atMost(
      maxQuickReplies,
      ({ length }: readonly unknown[]) => length,
      (size, limit) => `{field} has ${size} replies, and Instagram takes at most ${limit}.`,
    ),
  )
  .register(z.globalRegistry, {
    id: 'QuickReplies',
    description: `1 to ${maxQuickReplies}; a title has at most ${maxTitleCharacters} characters.`,
    examples: [
      [{ content_type: 'text', title: 'Blue', payload: 'COLOR_BLUE' }, { content_type: 'user_email' }],
    ],
  });
