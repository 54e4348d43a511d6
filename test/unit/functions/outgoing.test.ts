import { describe, expect, test } from 'vitest';
import { partsOf } from '../../../functions/send-message/outgoing.ts';
import { type SendMessageRequest, sendMessageRequest } from '../../../functions/send-message/request.ts';

const url = 'https://shop.example/a';
const parse = (body: object): SendMessageRequest =>
  sendMessageRequest.parse({ ...('comment_id' in body ? {} : { recipient_id: '1' }), ...body });
const wire = async (body: object, login: 'facebook' | 'instagram' = 'facebook') =>
  (await partsOf(parse(body), login)).map(({ message }) => message);

const template = {
  template_type: 'generic',
  elements: [{ title: 'Coat', buttons: [{ type: 'web_url', url, title: 'See it' }] }],
};

/** Each as MP §3 has it, whatever the login. */
describe.each(['facebook', 'instagram'] as const)('with %s login', (login) => {
  test.each([
    ['a bare text', 'Hello', { text: 'Hello' }],
    ['a text', { text: 'Hello' }, { text: 'Hello' }],
    ['a video', { video: { url } }, { attachment: { type: 'video', payload: { url } } }],
    ['a voice', { audio: { url } }, { attachment: { type: 'audio', payload: { url } } }],
    ['a file', { file: { url } }, { attachment: { type: 'file', payload: { url } } }],
    [
      'a file that Meta has',
      { file: { attachment_id: '123' } },
      { attachment: { type: 'file', payload: { attachment_id: '123' } } },
    ],
    ['a sticker', { sticker: 'like_heart' }, { attachment: { type: 'like_heart' } }],
    ['a post', { post_id: '179' }, { attachment: { type: 'MEDIA_SHARE', payload: { id: '179' } } }],
    ['a template', { template }, { attachment: { type: 'template', payload: template } }],
    [
      'images from several places',
      { images: [{ url }, { attachment_id: '123' }] },
      {
        attachments: [
          { type: 'image', payload: { url } },
          { type: 'image', payload: { attachment_id: '123' } },
        ],
      },
    ],
  ])('%s', async (_what, message, expected) => {
    expect(await wire({ message }, login)).toEqual([expected]);
  });
});

test.each([{ image: { url } }, { images: [{ url }] }])(
  'a single image goes as each login shows it',
  async (message) => {
    const image = { type: 'image', payload: { url } };
    expect(await wire({ message }, 'facebook')).toEqual([{ attachment: image }]);
    expect(await wire({ message }, 'instagram')).toEqual([{ attachments: [image] }]);
  },
);

test('audio and video are media, all else counts as text', async () => {
  const kindOf = async (message: unknown) =>
    (await partsOf(parse({ message }), 'facebook')).map(({ kind }) => kind);
  expect(await kindOf({ video: { url }, text: 'x' })).toEqual(['media', 'text']);
  expect(await kindOf({ audio: { url } })).toEqual(['media']);
  for (const message of [{ image: { url } }, { file: { url } }, { sticker: 'like_heart' }, 'x']) {
    expect(await kindOf(message)).toEqual(['text']);
  }
});

test('an attachment goes first, the text with its quick replies last, the reply with the first', async () => {
  const quickReplies = [{ content_type: 'text', title: 'Blue', payload: 'BLUE' }];
  const request = parse({
    message: { image: { url }, text: `${'a'.repeat(999)} ${'b'.repeat(10)}`, quick_replies: quickReplies },
    split: true,
    reply_to: 'm1',
  });
  expect(await partsOf(request, 'facebook')).toEqual([
    { kind: 'text', message: { attachment: { type: 'image', payload: { url } } }, replyTo: 'm1' },
    { kind: 'text', message: { text: 'a'.repeat(999) } },
    {
      kind: 'text',
      message: { text: 'b'.repeat(10), quick_replies: quickReplies },
      messagingType: 'RESPONSE',
    },
  ]);
});

test('every message of a reply by a person has the tag, and no messaging type beside it', async () => {
  const quickReplies = [{ content_type: 'user_email' }];
  const message = { image: { url }, text: 'Sorry for the wait', quick_replies: quickReplies };
  expect(await partsOf(parse({ message, tag: 'HUMAN_AGENT' }), 'instagram')).toEqual([
    { kind: 'text', message: { attachments: [{ type: 'image', payload: { url } }] }, tag: 'HUMAN_AGENT' },
    {
      kind: 'text',
      message: { text: 'Sorry for the wait', quick_replies: quickReplies },
      tag: 'HUMAN_AGENT',
    },
  ]);
});

test('a private reply counts as one', async () => {
  expect(await partsOf(parse({ comment_id: '178', message: 'Hello' }), 'facebook')).toEqual([
    { kind: 'private_reply', message: { text: 'Hello' } },
  ]);
});

test('an upload that there is not is refused', async () => {
  await expect(wire({ message: { images: [{ url }, { upload_id: 'none' }] } })).rejects.toMatchObject({
    status: 400,
    code: 'unknown_upload',
  });
});
