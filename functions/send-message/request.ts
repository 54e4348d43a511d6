import * as z from 'zod/mini';
import { isRecord } from '../../shared/runtime/json.ts';
import { idField, messageIdField, recipientId } from './id-fields.ts';
import { message } from './message.ts';
import { checkText } from './text-limit.ts';

const fields = 'recipient_id or comment_id, message, reply_to, if_last, force, tag and split';
/** What a private reply has not: Meta documents it as one bare text. MP §3.9 */
const notOfPrivateReplies = ['reply_to', 'if_last', 'force', 'tag', 'split'] as const;

export const sendMessageRequest = z
  .strictObject(
    {
      recipient_id: z.optional(recipientId),
      /** A private reply: the comment's author is the recipient. */
      comment_id: z.optional(idField('as the comment\'s webhook names it: "comment.id" of the message')),
      message,
      reply_to: z.optional(messageIdField('the id of the message to reply to')),
      /** The newest message that the sender saw: an answer in between stops this one. */
      if_last: z.optional(messageIdField('the id of the newest message that you saw')),
      force: z.optional(z.boolean({ error: '{field} must be true or false.' })),
      tag: z.optional(
        z.literal('HUMAN_AGENT', { error: '{field} must be HUMAN_AGENT: Meta takes no other.' }),
      ),
      split: z.optional(z.boolean({ error: '{field} must be true or false.' })),
    },
    {
      error: ({ code, ...issue }) =>
        code === 'unrecognized_keys'
          ? `Unknown field: ${(issue as { keys?: string[] }).keys?.join(', ')}. The fields are ${fields}.`
          : 'The body must be a JSON object with recipient_id and message.',
    },
  )
  .check(z.superRefine(checkTogether, { when: ({ value }) => isRecord(value) }))
  .register(z.globalRegistry, {
    id: 'SendMessageRequest',
    description:
      'A message to a customer who has written before (`recipient_id`), or a private reply to a comment (`comment_id`): exactly one of the two.',
    examples: [
      { recipient_id: '123456789', message: 'Hello there!' },
      { recipient_id: '123456789', message: { image: { url: 'https://shop.example/blue.jpg' } } },
      { comment_id: '17870000000000001', message: 'Sent you the price.' },
    ],
  });

export type SendMessageRequest = z.infer<typeof sendMessageRequest>;

function checkTogether(
  request: Readonly<Record<string, unknown>>,
  payload: Pick<z.core.ParsePayload, 'issues'>,
): void {
  const fault = (field: string, said: string) =>
    payload.issues.push({ code: 'custom', input: request, path: [field], message: said, continue: true });
  if (request.recipient_id === undefined && request.comment_id === undefined) {
    fault('recipient_id', '{field} is required. A private reply to a comment has comment_id instead.');
  }
  if (request.recipient_id !== undefined && request.comment_id !== undefined) {
    fault('comment_id', '{field} and recipient_id are both given: a message goes to one of them.');
  }
  if (request.comment_id !== undefined) {
    for (const name of notOfPrivateReplies.filter((each) => request[each] !== undefined)) {
      fault(name, '{field} does not go with comment_id: a private reply is one text.');
    }
    if (isRecord(request.message) && Object.keys(request.message).some((name) => name !== 'text')) {
      fault('message', '{field} of a private reply is a text alone.');
    }
  }
  checkText(request, payload);
}
