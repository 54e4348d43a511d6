import { expect } from 'vitest';
import type { HeldAttachment } from '../../../infra/meta-simulator/conversations.ts';
import type { Readings } from '../../../infra/meta-simulator/readings.ts';
import type { CustomerMessage } from '../../../infra/meta-simulator/writer.ts';
import { ada, type Case, echoed, hold, midsOf, onStage, tells, written } from './webhook-cases.ts';

function media(assetId: number, signature: string): { readonly url: string } {
  return {
    url: `https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=${assetId}&signature=${signature}`,
  };
}

/** A message with these contents, under the fixture's own id. */
function message(
  name: string,
  contents: CustomerMessage,
  readings: Partial<Readings> = {},
): () => Promise<void> {
  return tells(name, written({ mid: midsOf(name)[0], ...contents }), { readings });
}

function attached(name: string, attachments: readonly HeldAttachment[], readings: Partial<Readings> = {}) {
  return message(name, { attachments }, readings);
}

const igPost = {
  type: 'ig_post',
  payload: { ...media(9, 'I'), title: 'caption text', ig_post_media_id: '17897600000000002' },
};
const adsContext = { ad_title: 'Sale', photo_url: media(14, 'N').url, video_url: media(15, 'O').url };
/** What customers write and what the business's messages come back as. */
export const messageCases: readonly Case[] = [
  ['messages', 'text', message('message-text', { text: 'Do you ship to Oslo?' })],
  [
    'messages',
    'text beyond ASCII',
    message('message-text-unicode', {
      text: 'Käse für Malmö: 👩‍👩‍👧‍👦 🎉 שלום مرحبا </script><b>&amp; "quoted" \\ \u2028 end',
    }),
  ],
  [
    'messages',
    'several attachments',
    attached('message-attachments', [
      { type: 'image', payload: media(1, 'A') },
      { type: 'video', payload: media(2, 'B') },
    ]),
  ],
  ['messages', 'audio', attached('message-audio', [{ type: 'audio', payload: media(3, 'C') }])],
  ['messages', 'a file', attached('message-file', [{ type: 'file', payload: media(4, 'D') }])],
  ['messages', 'disappearing media', attached('message-ephemeral', [{ type: 'ephemeral' }])],
  ['messages', 'unsupported, as a flag', message('message-is-unsupported', { isUnsupported: true })],
  [
    'messages',
    'unsupported, as an attachment',
    message(
      'message-unsupported-type',
      { isUnsupported: true, attachments: [{ type: 'unsupported_type', payload: media(5, 'E') }] },
      { unsupported: 'attachment' },
    ),
  ],
  [
    'messages',
    'a shared post',
    attached('message-ig-post', [
      {
        type: 'ig_post',
        payload: { ...media(7, 'G'), title: 'caption text', ig_post_media_id: '17897600000000001' },
      },
    ]),
  ],
  [
    'messages',
    'a shared post before the transition',
    attached('message-share', [{ type: 'ig_post', payload: media(8, 'H') }], { sharedPosts: 'share' }),
  ],
  [
    'messages',
    'a shared post during the transition',
    attached('message-share-and-ig-post', [igPost], { sharedPosts: 'both' }),
  ],
  [
    'messages',
    'a shared reel',
    attached('message-ig-reel', [
      {
        type: 'ig_reel',
        payload: {
          url: 'https://www.instagram.com/reel/XXXX/',
          title: 'caption',
          reel_video_id: '17906200000000001',
        },
      },
    ]),
  ],
  [
    'messages',
    'a shared story',
    attached('message-ig-story', [
      {
        type: 'ig_story',
        payload: { story_media_id: '17900000000000003', story_media_url: media(10, 'J').url },
      },
    ]),
  ],
  [
    'messages',
    'a mention in a story',
    tells('message-story-mention', ({ meta }) =>
      meta.customers.mentionInStory(ada.id, media(12, 'L').url, midsOf('message-story-mention')[0]),
    ),
  ],
  [
    'messages',
    'a reply to a story',
    message('message-story-reply', {
      text: 'love it',
      replyToStory: {
        id: '17900000000000001',
        ...media(13, 'M'),
        linkStickerUrl: 'https://shop.example/x',
      },
    }),
  ],
  [
    'messages',
    'an inline reply',
    tells('message-inline-reply', (stage) => {
      const [mid, replyToMid] = midsOf('message-inline-reply');
      hold(stage, { id: replyToMid, fromBusiness: true });
      return written({ mid, text: 'this one', replyToMid })(stage);
    }),
  ],
  [
    'messages',
    'a quick reply',
    message('message-quick-reply', { text: 'Blue', quickReply: { payload: 'COLOR_BLUE' } }),
  ],
  [
    'messages',
    'from an ad',
    message('message-ad-referral', {
      text: 'Hi',
      referral: {
        ref: 'r1',
        ad_id: '120200000000001',
        source: 'ADS',
        type: 'OPEN_THREAD',
        ads_context_data: adsContext,
      },
    }),
  ],
  [
    'messages',
    'from a product of the shop',
    message('message-product-referral', {
      text: 'Is it in stock?',
      referral: { product: { id: '4700000000000001' } },
    }),
  ],
  [
    'messages',
    'an unsend, with the mid of the message',
    tells('message-unsend', (stage) => {
      const [id] = midsOf('message-unsend');
      hold(stage, { id });
      stage.meta.customers.unsend(id);
    }),
  ],
  [
    'messages',
    'an echo with the app and its metadata',
    echoed('echo-with-app-id', { text: 'On its way', metadata: 'order-7' }, { echoAppId: 'sent' }),
  ],
  [
    'messages',
    'an echo of a template',
    echoed('echo-template', {
      message: {
        id: midsOf('echo-template')[0],
        sentAtMs: 0,
        fromBusiness: true,
        attachments: [
          {
            type: 'template',
            payload: {
              template_type: 'generic',
              elements: [{ title: 'Blue shirt', subtitle: 'EUR 20' }],
            },
          },
        ],
      },
    }),
  ],
  [
    'messages',
    'an echo of what is unsupported, without mid',
    echoed(
      'echo-unsupported-type-without-mid',
      {
        message: {
          id: 'unheard',
          sentAtMs: 0,
          fromBusiness: true,
          isUnsupported: true,
          attachments: [{ type: 'unsupported_type', payload: media(6, 'F') }],
        },
      },
      { unsupported: 'attachment_without_mid' },
    ),
  ],
  [
    'messages',
    'a sticker as an image, as both or not at all',
    async () => {
      const sticker = written({
        attachments: [{ type: 'sticker', payload: { ...media(1, 'A'), sticker_id: '7' } }],
      });
      const image = { type: 'image', payload: media(1, 'A') };
      const both = [image, { type: 'sticker', payload: { ...media(1, 'A'), sticker_id: '7' } }];
      for (const [stickers, expected] of [
        ['image', [image]],
        ['image_and_sticker', both],
        ['no_webhook', undefined],
      ] as const) {
        await onStage({ readings: { stickers } }, async (stage) => {
          sticker(stage);
          await stage.meta.deliveries.settled();
          const [body] = stage.callback.bodies();
          expect(body && JSON.parse(body).entry[0].messaging[0].message.attachments).toEqual(expected);
        });
      }
    },
  ],
];
