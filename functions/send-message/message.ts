import * as z from 'zod/mini';
import { atMost, objectError } from '../../shared/runtime/http/field-faults.ts';
import { isRecord } from '../../shared/runtime/json.ts';
import { idField } from './id-fields.ts';
import { mediaSource } from './media-source.ts';
import { quickReplies } from './quick-replies.ts';
import { template } from './template.ts';

const maxImages = 10;

/** How long it may be depends on `split`, beside it. */
const text = z
  .string({ error: '{field} must be a string.' })
  .check(z.refine((value) => value.trim() !== '', { error: '{field} is blank: give it some text.' }));

const images = z.array(mediaSource, { error: '{field} must be a list.' }).check(
  z.minLength(1, { error: '{field} is empty: give 1 to 10 images.' }),
  atMost(
    maxImages,
    ({ length }: readonly unknown[]) => length,
    (size, limit) => `{field} has ${size} images, and Instagram takes at most ${limit}.`,
  ),
);

/** Of these a message has at most one. */
export const attachmentMembers = [
  'image',
  'images',
  'video',
  'audio',
  'file',
  'sticker',
  'post_id',
  'template',
] as const;

const members = `text, one of ${attachmentMembers.join(', ')}, and quick_replies`;

const messageObject = z
  .strictObject(
    {
      text: z.optional(text),
      image: z.optional(mediaSource),
      images: z.optional(images),
      video: z.optional(mediaSource),
      audio: z.optional(mediaSource),
      file: z.optional(mediaSource),
      sticker: z.optional(z.literal('like_heart', { error: '{field} must be like_heart.' })),
      post_id: z.optional(idField("of a post of the business's own")),
      template: z.optional(template),
      quick_replies: z.optional(quickReplies),
    },
    { error: objectError(members) },
  )
  .check(z.superRefine(checkTogether, { when: ({ value }) => isRecord(value) }))
  .register(z.globalRegistry, {
    id: 'MessageObject',
    description:
      'A text, an attachment, or both: then two messages are sent, the attachment first. At most one of image, images, video, audio, file, sticker, post_id and template; quick_replies need a text.',
    examples: [
      { text: 'Which colour?', quick_replies: [{ content_type: 'text', title: 'Blue', payload: 'BLUE' }] },
      { image: { url: 'https://shop.example/blue.jpg' }, text: 'Like this one?' },
      { sticker: 'like_heart' },
    ],
  });
export type MessageObject = z.infer<typeof messageObject>;

function checkTogether(
  message: Readonly<Record<string, unknown>>,
  { issues }: Pick<z.core.ParsePayload, 'issues'>,
): void {
  const given = attachmentMembers.filter((name) => message[name] !== undefined);
  const fault = (path: readonly string[], said: string) =>
    issues.push({ code: 'custom', input: message, path: [...path], message: said, continue: true });
  if (given.length > 1) {
    fault([], `{field} has ${given.join(' and ')}, and a message has at most one of them: send two.`);
  }
  if (given.length === 0 && message.text === undefined) fault([], `{field} is empty: it takes ${members}.`);
  if (message.quick_replies !== undefined && message.text === undefined) {
    fault(['quick_replies'], '{field} go with a text: give message.text.');
  }
}

/** A bare text, as the seed has it, or an object. */
export const message = z.union([text, messageObject], {
  error: ({ input }) =>
    input === undefined ? '{field} is required.' : '{field} must be a string or an object.',
});
