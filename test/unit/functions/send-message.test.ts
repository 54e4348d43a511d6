import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sendMessageRequest } from '../../../functions/send-message/request.ts';
import { faultsOf } from '../../../shared/runtime/http/field-faults.ts';

const faults = (value: unknown) => {
  const result = sendMessageRequest.safeParse(value);
  return result.success ? [] : faultsOf(result.error, 'body');
};
const valid = { recipient_id: '123456789', message: 'Hello there!' };
const withMessage = (message: unknown) => ({ recipient_id: '123456789', message });
const url = 'https://shop.example/a.jpg';
const button = { type: 'postback', title: 'Yes', payload: 'YES' };
const quickReply = { content_type: 'text', title: 'Blue', payload: 'BLUE' };
const generic = (...elements: unknown[]) => withMessage({ template: { template_type: 'generic', elements } });

test.each([
  ["the seed's body", valid],
  ['a reply', { ...valid, reply_to: 'mid.xxxxx' }],
  ['1000 bytes', { ...valid, message: 'å'.repeat(500) }],
  ['more, to be split', { ...valid, message: 'å'.repeat(501), split: true }],
  ['emoji and right-to-left text', { ...valid, message: 'שלום 👩‍👩‍👧' }],
  ['a text in an object', withMessage({ text: 'Hello' })],
  ['an image', withMessage({ image: { url } })],
  ['an uploaded file', withMessage({ file: { upload_id: 'u/1' } })],
  ['a video that Meta has', withMessage({ video: { attachment_id: '123' } })],
  ['a voice on this machine', withMessage({ audio: { url: 'http://127.0.0.1:3001/media/1' } })],
  ['a picture on localhost', withMessage({ image: { url: 'http://localhost:3001/media/1' } })],
  ['ten images', withMessage({ images: Array(10).fill({ url }) })],
  ['an image with a text', withMessage({ image: { url }, text: 'Like this?' })],
  ['a sticker', withMessage({ sticker: 'like_heart' })],
  ['a post', withMessage({ post_id: '17900000000000001' })],
  ['13 quick replies', withMessage({ text: 'Pick', quick_replies: Array(13).fill(quickReply) })],
  [
    'a title of 20 emoji',
    withMessage({ text: 'x', quick_replies: [{ ...quickReply, title: '👍'.repeat(20) }] }),
  ],
  ['a generic template', generic({ title: 'Coat', subtitle: 'Wool', buttons: [button] })],
  [
    'a button template with long titles, which Meta judges',
    withMessage({
      template: {
        template_type: 'button',
        text: 'x'.repeat(640),
        buttons: [{ ...button, title: 'y'.repeat(21) }],
      },
    }),
  ],
  ['a private reply', { comment_id: '17870000000000001', message: 'Sent you the price' }],
  ['a private reply as an object', { comment_id: '17870000000000001', message: { text: 'Price' } }],
  ['a reply by a person', { ...valid, tag: 'HUMAN_AGENT' }],
])('%s is taken, as it is', (_what, body) => {
  expect(faults(body)).toEqual([]);
  expect(sendMessageRequest.parse(body)).toEqual(body);
});

describe('each refusal names the field and the limit', () => {
  test.each([
    ['no recipient', { message: 'x' }, 'recipient_id', 'recipient_id is required.'],
    [
      'a number for an id',
      { ...valid, recipient_id: 123456789 },
      'recipient_id',
      'recipient_id must be a string: put the id in quotes',
    ],
    ['a username for an id', { ...valid, recipient_id: '@ada' }, 'recipient_id', 'not a username'],
    ['no message', { recipient_id: '1' }, 'message', 'message is required.'],
    ['a blank message', { ...valid, message: ' \n\t ' }, 'message', 'message is blank'],
    ['a number for a message', { ...valid, message: 5 }, 'message', 'must be a string or an object'],
    ['an empty object', withMessage({}), 'message', 'message is empty: it takes text, one of image'],
    ['a blank text', withMessage({ text: ' ' }), 'message.text', 'message.text is blank'],
    ['an unknown member', withMessage({ text: 'x', txt: 'y' }), 'message', 'unknown members: txt'],
    [
      'two attachments',
      withMessage({ image: { url }, sticker: 'like_heart' }),
      'message',
      'has image and sticker, and a message has at most one',
    ],
    ['plain http', withMessage({ image: { url: 'http://shop.example/a' } }), 'message.image.url', 'https://'],
    [
      'http to a name that looks like this machine',
      withMessage({ image: { url: 'http://127.0.0.1.example/a' } }),
      'message.image.url',
      'https://',
    ],
    ['no address at all', withMessage({ video: { url: 'a.mp4' } }), 'message.video.url', 'https://'],
    ['a file from nowhere', withMessage({ file: {} }), 'message.file', 'must have one of url, upload_id'],
    [
      'a file from two places',
      withMessage({ file: { url, attachment_id: '1' } }),
      'message.file',
      'must have one of url, upload_id',
    ],
    ['no images', withMessage({ images: [] }), 'message.images', 'message.images is empty'],
    [
      'a bad image among good ones',
      withMessage({ images: [{ url }, { url: 'x' }] }),
      'message.images.1.url',
      'message.images.1.url must be an address',
    ],
    ['another sticker', withMessage({ sticker: 'thumb' }), 'message.sticker', 'must be like_heart'],
    [
      'quick replies without a text',
      withMessage({ image: { url }, quick_replies: [quickReply] }),
      'message.quick_replies',
      'go with a text',
    ],
    [
      'a quick reply without a payload',
      withMessage({ text: 'x', quick_replies: [{ content_type: 'text', title: 'y' }] }),
      'message.quick_replies.0.payload',
      'is required',
    ],
    [
      'an unknown quick reply',
      withMessage({ text: 'x', quick_replies: [{ content_type: 'location' }] }),
      'message.quick_replies.0.content_type',
      'must be text, user_email or user_phone_number',
    ],
    [
      'an element of a title alone',
      generic({ title: 'Coat' }),
      'message.template.elements.0',
      'at least one of subtitle',
    ],
    [
      'another kind of button',
      generic({ title: 'Coat', buttons: [{ type: 'phone_number', title: 'x' }] }),
      'message.template.elements.0.buttons.0.type',
      'must be web_url or postback',
    ],
    [
      'another template',
      withMessage({ template: { template_type: 'list' } }),
      'message.template.template_type',
      'must be generic or button',
    ],
    ['both recipients', { ...valid, comment_id: '1' }, 'comment_id', 'a message goes to one of them'],
    [
      'a reply in a private reply',
      { comment_id: '1', message: 'x', reply_to: 'm' },
      'reply_to',
      'does not go with comment_id',
    ],
    [
      'an image as a private reply',
      { comment_id: '1', message: { image: { url } } },
      'message',
      'a text alone',
    ],
    ['another tag', { ...valid, tag: 'ACCOUNT_UPDATE' }, 'tag', 'must be HUMAN_AGENT'],
    [
      'nothing to split',
      { ...withMessage({ sticker: 'like_heart' }), split: true },
      'split',
      'is for a text',
    ],
    ['an empty reply_to', { ...valid, reply_to: '' }, 'reply_to', 'reply_to is empty'],
    ['a number for reply_to', { ...valid, reply_to: 7 }, 'reply_to', 'reply_to must be a string'],
    ['a misspelt field', { ...valid, replyTo: 'm1' }, 'body', 'Unknown field: replyTo'],
    ['a list', [valid], 'body', 'must be a JSON object'],
    ['null', null, 'body', 'must be a JSON object'],
  ])('%s', (_what, body, field, text) => {
    const found = faults(body).find((fault) => fault.field === field);
    expect(found?.message).toContain(text);
    expect(found?.message).not.toContain('{field}');
  });

  test.each([
    ['501 × å', { ...valid, message: 'å'.repeat(501) }, 'message', 1000, 1002],
    ['the same in an object', withMessage({ text: 'å'.repeat(501) }), 'message.text', 1000, 1002],
    ['21 parts', { ...valid, message: 'x'.repeat(999 * 20 + 1), split: true }, 'message', 20, 21],
    ['11 images', withMessage({ images: Array(11).fill({ url }) }), 'message.images', 10, 11],
    [
      '14 quick replies',
      withMessage({ text: 'x', quick_replies: Array(14).fill(quickReply) }),
      'message.quick_replies',
      13,
      14,
    ],
    [
      'a title that Meta would cut',
      withMessage({ text: 'x', quick_replies: [{ ...quickReply, title: 'x'.repeat(21) }] }),
      'message.quick_replies.0.title',
      20,
      21,
    ],
    [
      '11 elements',
      generic(...Array(11).fill({ title: 'x', subtitle: 'y' })),
      'message.template.elements',
      10,
      11,
    ],
    [
      'a long title',
      generic({ title: 'x'.repeat(81), subtitle: 'y' }),
      'message.template.elements.0.title',
      80,
      81,
    ],
    [
      'a long subtitle',
      generic({ title: 'x', subtitle: 'y'.repeat(82) }),
      'message.template.elements.0.subtitle',
      80,
      82,
    ],
    [
      'four buttons',
      generic({ title: 'x', buttons: Array(4).fill(button) }),
      'message.template.elements.0.buttons',
      3,
      4,
    ],
    [
      'a long text of a button template',
      withMessage({ template: { template_type: 'button', text: 'x'.repeat(641), buttons: [button] } }),
      'message.template.text',
      640,
      641,
    ],
  ])('%s, with how large it is', (_what, body, field, limit, size) => {
    const found = faults(body);
    expect(found).toMatchObject([{ field, limit, size }]);
    expect(found[0]?.message).toContain(`${field} `);
    expect(found[0]?.message).toContain(String(limit));
    expect(found[0]?.message).toContain(String(size));
  });

  test('all faults at once', () => {
    const found = faults({
      recipient_id: 1,
      message: { images: [{ url: 'x' }], quick_replies: [], sticker: 'like_heart' },
      split: 'yes',
    });
    expect(found.map(({ field }) => field).toSorted()).toEqual([
      'message',
      'message.images.0.url',
      'message.quick_replies',
      'message.quick_replies',
      'recipient_id',
      'split',
    ]);
  });
});

test('nothing that is posted makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (message, more) => {
      faults({ recipient_id: '1', message });
      faults({ comment_id: '1', message: { text: message, images: [more], template: more } });
      faults(more);
    }),
  );
});
