import * as z from 'zod/mini';
import { kindError, objectError, typeError } from '../../shared/runtime/http/field-faults.ts';
import { messageIdField, recipientId } from '../send-message/id-fields.ts';

const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|^[0-9#*]\u{FE0F}?\u{20E3}$/u;
/** No emoji comes near it; marks without number can be put on one. */
const maxEmojiLength = 64;

const isReaction = (text: string) =>
  text === 'love' || (text.length <= maxEmojiLength && emoji.test(text) && isOneGrapheme(text));

/** Made where it is used: the first segmenter of a process takes 7 ms, which a reaction alone needs. */
const isOneGrapheme = (text: string) =>
  [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length === 1;

const messageId = messageIdField('the id of the message that is reacted to');

/** MP §3.5, §3.6 */
export const senderActionRequest = z
  .discriminatedUnion(
    'action',
    [
      z.strictObject(
        { recipient_id: recipientId, action: z.enum(['typing_on', 'typing_off', 'mark_seen']) },
        { error: objectError('recipient_id and action') },
      ),
      z.strictObject(
        {
          recipient_id: recipientId,
          action: z.literal('react'),
          message_id: messageId,
          reaction: z
            .string({ error: typeError('a string') })
            .check(z.refine(isReaction, { error: '{field} must be one emoji, or love.' })),
        },
        { error: objectError('recipient_id, action, message_id and reaction') },
      ),
      z.strictObject(
        { recipient_id: recipientId, action: z.literal('unreact'), message_id: messageId },
        { error: objectError('recipient_id, action and message_id') },
      ),
    ],
    { error: kindError('recipient_id and action', 'typing_on, typing_off, mark_seen, react or unreact') },
  )
  .register(z.globalRegistry, {
    id: 'SenderActionRequest',
    description:
      'What is done without a message. `react` needs `message_id` and `reaction` (any emoji, or `love`), `unreact` `message_id`.',
    examples: [
      { recipient_id: '123456789', action: 'typing_on' },
      { recipient_id: '123456789', action: 'react', message_id: 'aWdfZAG1faXRlbToxMjM', reaction: '👍' },
    ],
  });
export type SenderActionRequest = z.infer<typeof senderActionRequest>;
