import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstCustomer } from '../../../infra/meta-simulator/start-meta.ts';
import { type SendingGateway, startSendingGateway } from '../../builders/sending-gateway.ts';

const image = { url: 'https://shop.example/a.jpg' };
const wireImage = { type: 'image', payload: image };
const quickReplies = [
  { content_type: 'text', title: 'Blue', payload: 'COLOR_BLUE' },
  { content_type: 'user_email' },
  { content_type: 'user_phone_number' },
];
const post_id = '17900000000000001';
const generic = {
  template_type: 'generic',
  elements: [
    {
      title: 'Coat',
      subtitle: 'Wool',
      image_url: image.url,
      default_action: { type: 'web_url', url: 'https://shop.example' },
      buttons: [{ type: 'postback', title: 'Order it', payload: 'ORDER' }],
    },
  ],
};
const buttons = (title: string) => ({
  template_type: 'button',
  text: 'Where to?',
  buttons: [{ type: 'postback', title, payload: 'HOME' }],
});

describe.each(['facebook', 'instagram'] as const)('with %s login', (login) => {
  let gateway: SendingGateway;
  beforeAll(async () => {
    gateway = await startSendingGateway(login);
  });
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.forget());

  const newest = () => gateway.arrived().at(-1);
  const single = login === 'facebook' ? { attachment: wireImage } : { attachments: [wireImage] };

  test.each([
    ['a bare text', 'Hello', { text: 'Hello' }],
    ['a text', { text: 'Hello again' }, { text: 'Hello again' }],
    ['an image', { image }, single],
    ['one of several images', { images: [image] }, single],
    ['ten images', { images: Array(10).fill(image) }, { attachments: Array(10).fill(wireImage) }],
    [
      'a file',
      { file: { url: 'https://shop.example/a.pdf' } },
      { attachment: { type: 'file', payload: { url: 'https://shop.example/a.pdf' } } },
    ],
    ['a sticker', { sticker: 'like_heart' }, { attachment: { type: 'like_heart' } }],
    ['a post', { post_id }, { attachment: { type: 'MEDIA_SHARE', payload: { id: post_id } } }],
    ['a generic template', { template: generic }, { attachment: { type: 'template', payload: generic } }],
    [
      'a button template',
      { template: buttons('To my home') },
      { attachment: { type: 'template', payload: buttons('To my home') } },
    ],
  ])('%s arrives as Meta wants it, and is in the conversation', async (_what, message, wire) => {
    const { status, body } = await gateway.send({ message });
    expect(body).toMatchObject({ success: true, data: { recipient_id: firstCustomer.id } });
    expect(status).toBe(200);
    expect(gateway.asked()).toEqual([{ recipient: { id: firstCustomer.id }, message: wire }]);
    expect(newest()?.id).toBe(body.data?.message_id);
    await expect
      .poll(async () => (await gateway.stored()).find(({ id }) => id === body.data?.message_id)?.sent_by)
      .toMatchObject({ send_id: body.send_id });
  });

  test.each(['video', 'audio'] as const)('%s is sent behind the scenes', async (type) => {
    const url = `https://shop.example/a.mp4`;
    const { status, body } = await gateway.send({ message: { [type]: { url } } });
    expect({ status, state: body.state }).toEqual({ status: 202, state: 'accepted' });
    await expect.poll(async () => (await gateway.sendState(body.send_id)).state).toMatch(/sent|confirmed/);
    expect(newest()?.attachments).toEqual([{ type, payload: { url } }]);
  });

  test('quick replies are under their text', async () => {
    const { status } = await gateway.send({ message: { text: 'Pick', quick_replies: quickReplies } });
    expect(status).toBe(200);
    expect(gateway.asked()).toEqual([
      {
        recipient: { id: firstCustomer.id },
        messaging_type: 'RESPONSE',
        message: { text: 'Pick', quick_replies: quickReplies },
      },
    ]);
    expect(newest()?.quickReplies).toMatchObject([{ title: 'Blue' }, { type: 'user_email' }, {}]);
  });

  test('a file that Meta has goes by its id', async () => {
    gateway.meta.world.state.uploads.set('77', { id: '77', type: 'image', url: image.url });
    expect((await gateway.send({ message: { image: { attachment_id: '77' } } })).status).toBe(200);
    expect(newest()?.attachments).toEqual([wireImage]);
  });

  test('a reply quotes the message, whatever it is made of', async () => {
    const [asked] = gateway.meta.world.conversations.withCustomer(firstCustomer.id)?.messages ?? [];
    for (const message of ['Yes', { image }, { template: generic }]) {
      expect((await gateway.send({ message, reply_to: asked?.id })).status).toBe(200);
      expect(newest()?.replyToMid).toBe(asked?.id);
    }
  });

  test('a comment is answered in private, once', async () => {
    gateway.meta.customers.add({ id: '4242', username: 'zoe' });
    const { id: comment_id } = gateway.meta.customers.comment('4242', { text: 'How much?' });
    const { status, body } = await gateway.send({ comment_id, message: 'Sent you the price' });
    expect({ status, recipient: body.data?.recipient_id }).toEqual({ status: 200, recipient: '4242' });
    expect(gateway.asked()).toEqual([{ recipient: { comment_id }, message: { text: 'Sent you the price' } }]);
    await expect
      .poll(async () => (await gateway.stored('4242')).map(({ text }) => text))
      .toContain('Sent you the price');
    expect(await gateway.send({ comment_id, message: 'And again' })).toMatchObject({ status: 400 });
    expect(gateway.arrived('4242')).toHaveLength(1);
  });

  test('a long text is refused with its size, or sent in parts, in order', async () => {
    const message = Array.from({ length: 300 }, (_, n) => `word${n}`).join(' ');
    expect(await gateway.send({ message })).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'message', limit: 1000, size: message.length }] } },
    });
    expect(gateway.asked()).toEqual([]);
    const { body } = await gateway.send({ message, split: true });
    expect(body.data?.message_ids).toHaveLength(3);
    const parts = gateway.arrived().slice(-3);
    expect(parts.map(({ id }) => id)).toEqual(body.data?.message_ids);
    expect(parts.map(({ text }) => text).join(' ')).toBe(message);
    await expect.poll(async () => (await gateway.sendState(body.send_id)).state).toBe('confirmed');
  });

  test('one of Meta’s pages says fewer than 1000 characters: the parts keep to that as well', () =>
    gateway.under({ textLimit: '999_characters' }, async () => {
      expect(await gateway.send({ message: 'x'.repeat(1000) })).toMatchObject({
        status: 400,
        body: { code: 'invalid_parameter' },
      });
      expect((await gateway.send({ message: 'x'.repeat(1998), split: true })).status).toBe(200);
    }));

  test('a single image is taken, whichever form each login wants', () =>
    gateway.under({ singleImage: 'by_login' }, async () => {
      expect((await gateway.send({ message: { image } })).status).toBe(200);
      expect((await gateway.send({ message: { images: [image, image] } })).status).toBe(200);
    }));

  test('a long title of a button is Meta’s to judge', async () => {
    const message = { template: buttons('A title of 24 characters') };
    await gateway.under({ buttonTitleLimit: 20 }, async () => {
      expect(await gateway.send({ message })).toMatchObject({
        status: 400,
        body: { details: { code: 100 } },
      });
    });
    await gateway.under({ buttonTitleLimit: undefined }, async () => {
      expect((await gateway.send({ message })).status).toBe(200);
    });
  });

  test('reply_to that Meta does not take is said to be the reason, and nothing is sent without it', () =>
    gateway.under({ replyToOnInstagramLogin: 'refused' }, async () => {
      const before = gateway.arrived().length;
      const { status, body } = await gateway.send({ message: 'Yes', reply_to: 'm1' });
      const isRefused = login === 'instagram';
      expect(status).toBe(isRefused ? 400 : 200);
      expect(gateway.asked()).toMatchObject([{ reply_to: { mid: 'm1' } }]);
      expect(gateway.arrived().length - before).toBe(isRefused ? 0 : 1);
      expect(body.error?.includes('leave reply_to out') ?? false).toBe(isRefused);
      expect(body.details?.message?.includes('reply_to') ?? false).toBe(isRefused);
    }));
});
