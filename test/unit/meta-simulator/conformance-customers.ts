import { expect } from 'vitest';
import type { HeldAttachment } from '../../../infra/meta-simulator/conversations.ts';
import type { CustomerMessage } from '../../../infra/meta-simulator/customers.ts';
import { createEcho, type Echoed } from '../../../infra/meta-simulator/echoes.ts';
import type { Readings } from '../../../infra/meta-simulator/readings.ts';
import { accountId } from './simulated-meta.ts';
import { ada, type Case, hold, midsOf, onStage, type Stage, tells } from './webhook-cases.ts';

const selfId = '2234567890123456';
const heart = { reaction: 'love', emoji: '❤️' };

function media(assetId: number, signature: string): { readonly url: string } {
  return {
    url: `https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=${assetId}&signature=${signature}`,
  };
}

const written =
  (message: CustomerMessage) =>
  ({ meta }: Stage) =>
    meta.customers.write(ada.id, message);

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

function echoed(
  name: string,
  { text, ...sent }: Partial<Echoed> & { readonly text?: string },
  readings = {},
) {
  const { message: contents } = sent;
  const held = {
    id: midsOf(name)[0],
    fromBusiness: true,
    ...(text === undefined ? {} : { text }),
    ...contents,
  };
  return tells(
    name,
    ({ meta, clock }) => {
      const echo = createEcho(meta.world, meta.deliveries);
      return echo({ customer: ada, ...sent, message: { ...held, sentAtMs: clock.nowMs() } }, 'after');
    },
    { readings },
  );
}

const igPost = {
  type: 'ig_post',
  payload: { ...media(9, 'I'), title: 'caption text', ig_post_media_id: '17897600000000002' },
};
const adsContext = { ad_title: 'Sale', photo_url: media(14, 'N').url, video_url: media(15, 'O').url };
const flatComment = { text: 'price?', mediaId: '17900000000000002' };

/** What customers and Meta do, each told as Meta's page shows it. */
export const customerCases: readonly Case[] = [
  [
    'who is who',
    'a scoped id at the entry',
    tells(
      'envelope-scoped-entry-id',
      ({ meta }) =>
        meta.customers.tap(ada.id, {
          mid: midsOf('envelope-scoped-entry-id')[0],
          title: 'Track order',
          payload: 'TRACK',
        }),
      { faults: { scoped_entry_id: { probability: 1 } } },
    ),
  ],
  [
    'who is who',
    'an echo goes from the account to the customer',
    echoed('echo-text', { text: 'On its way' }),
  ],
  [
    'who is who',
    'the business to itself',
    tells(
      'echo-self',
      ({ meta }) =>
        meta.customers.write(meta.world.state.selfScopedId, {
          mid: midsOf('echo-self')[0],
          text: 'note to myself',
        }),
      {},
      { [selfId]: '7700000000000001' },
    ),
  ],
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
  [
    'message_edit',
    'with a number',
    tells('edit', (stage) => {
      const [id] = midsOf('edit');
      hold(stage, { id, text: 'wrong' });
      stage.meta.customers.edit(id, 'corrected text');
    }),
  ],
  [
    'message_edit',
    'with a quoted number',
    tells(
      'edit-quoted-number',
      (stage) => {
        const [id] = midsOf('edit-quoted-number');
        hold(stage, { id, text: 'wrong', edits: 1 });
        stage.meta.customers.edit(id, 'corrected again');
      },
      { readings: { editCount: 'string' } },
    ),
  ],
  [
    'message_edit',
    'instead of a message',
    tells('edit-zero', written({ mid: midsOf('edit-zero')[0], text: 'hello' }), {
      faults: { edit_instead_of_message: { probability: 1 } },
    }),
  ],
  [
    'message_edit',
    'instead of a message, without a sender',
    tells(
      'edit-zero-without-sender',
      written({ mid: midsOf('edit-zero-without-sender')[0], text: 'hello' }),
      {
        faults: { edit_instead_of_message: { probability: 1 } },
        readings: { substituteEditSender: 'absent' },
      },
    ),
  ],
  ...(
    [
      ['reaction', heart],
      ['reaction-other', { reaction: 'other', emoji: '🧡' }],
      ['unreact', undefined],
    ] as const
  ).map(
    ([name, reaction]): Case => [
      'message_reactions',
      name,
      tells(name, (stage) => {
        const [id] = midsOf(name);
        hold(stage, { id, fromBusiness: true });
        stage.meta.customers.react(id, reaction);
      }),
    ],
  ),
  ...(
    [
      ['postback', {}],
      ['postback-with-referral', { referral: { ref: 'r1' } }],
    ] as const
  ).map(
    ([name, referral]): Case => [
      'messaging_postbacks',
      name,
      tells(name, ({ meta }) =>
        meta.customers.tap(ada.id, {
          mid: midsOf(name)[0],
          title: 'Track order',
          payload: 'TRACK',
          ...referral,
        }),
      ),
    ],
  ),
  [
    'messaging_postbacks',
    'of the business itself',
    tells(
      'postback-self',
      ({ meta }) =>
        meta.customers.tap(meta.world.state.selfScopedId, {
          mid: midsOf('postback-self')[0],
          title: 'Track order',
          payload: 'TRACK',
        }),
      {},
      { [selfId]: '7700000000000001' },
    ),
  ],
  ['messaging_seen', 'by mid', tells('seen', ({ meta }) => meta.customers.see(ada.id, midsOf('seen')[0]))],
  [
    'messaging_referral',
    'a link inside a conversation',
    tells('referral', (stage) => {
      hold(stage, { id: 'earlier' });
      stage.meta.customers.followLink(ada.id, { ref: 'summer' });
    }),
  ],
  [
    'messaging_referral',
    'nothing of a link that opens a conversation',
    () =>
      onStage({}, async ({ meta, callback }) => {
        meta.customers.followLink(ada.id, { ref: 'summer' });
        await meta.deliveries.settled();
        expect(callback.bodies()).toEqual([]);
      }),
  ],
  [
    'messaging_optins',
    'under Instagram login',
    tells(
      'optin',
      ({ meta }) =>
        meta.customers.optIn(ada.id, {
          type: 'notification_messages',
          ref: 'newsletter',
          payload: 'NEWSLETTER',
        }),
      { login: 'instagram' },
    ),
  ],
  [
    'messaging_handover and standby',
    'control passed',
    tells('handover-pass', ({ meta }) => {
      meta.world.state.threads.passTo(ada.id, '111');
      meta.routing.pass(ada.id, '222', 'note');
    }),
  ],
  [
    'messaging_handover and standby',
    'control passed by nobody',
    tells('handover-pass-from-idle', ({ meta }) => meta.routing.pass(ada.id, '222', 'note')),
  ],
  [
    'messaging_handover and standby',
    'control taken',
    tells('handover-take', ({ meta }) => {
      meta.world.state.threads.passTo(ada.id, '222');
      meta.routing.take(ada.id, '111', 'note');
    }),
  ],
  [
    'messaging_handover and standby',
    'control requested',
    tells('handover-request', ({ meta }) => meta.routing.request(ada.id, '333', 'note')),
  ],
  [
    'messaging_handover and standby',
    'roles',
    tells('handover-app-roles', ({ meta }) => meta.routing.assignRoles({ '111': ['primary_receiver'] })),
  ],
  [
    'messaging_handover and standby',
    'a message in standby',
    tells('envelope-standby', (stage) => {
      stage.meta.world.state.threads.passTo(ada.id, '222');
      written({ mid: midsOf('envelope-standby')[0], text: 'hi' })(stage);
    }),
  ],
  [
    'messaging_policy_enforcement and response_feedback',
    'a policy enforced',
    tells('policy-enforcement', ({ meta }) =>
      meta.routing.enforcePolicy({
        action: 'block',
        reason: 'The business sent what the policy forbids.',
      }),
    ),
  ],
  [
    'messaging_policy_enforcement and response_feedback',
    'feedback to an answer',
    tells('response-feedback', ({ meta }) =>
      meta.customers.rate(ada.id, midsOf('response-feedback')[0], 'Good response'),
    ),
  ],
  [
    'comments, live_comments and mentions',
    'a comment on an ad, by the business itself',
    tells(
      'comments',
      ({ meta }) =>
        meta.customers.comment(ada.id, {
          ...flatComment,
          id: '17870000000000001',
          parentId: '17870000000000000',
          selfScopedId: selfId,
          ad: { id: '120200000000001', title: 'Sale', originalMediaId: '17900000000000009' },
        }),
      { login: 'instagram' },
    ),
  ],
  [
    'comments, live_comments and mentions',
    'a comment under Facebook login',
    tells('comments-with-comment-id', ({ meta }) =>
      meta.customers.comment(ada.id, { ...flatComment, id: '17870000000000003' }),
    ),
  ],
  [
    'comments, live_comments and mentions',
    'a comment flat on its entry',
    tells(
      'envelope-flat-comment',
      ({ meta }) => meta.customers.comment(ada.id, { ...flatComment, id: '17870000000000001' }),
      { login: 'instagram', readings: { commentEnvelope: 'flat' } },
    ),
  ],
  [
    'comments, live_comments and mentions',
    'a comment on a live video',
    tells(
      'live-comments',
      ({ meta }) =>
        meta.customers.comment(ada.id, {
          id: '17870000000000002',
          text: 'hello from the live',
          mediaId: '17900000000000004',
          productType: 'LIVE',
        }),
      { login: 'instagram' },
    ),
  ],
  [
    'comments, live_comments and mentions',
    'a mention, by ids alone',
    tells('mentions', ({ meta }) =>
      meta.customers.mention(ada.id, { mediaId: '17900000000000005', commentId: '17870000000000004' }),
    ),
  ],
  [
    'comments, live_comments and mentions',
    'a comment on a boosted post told twice',
    () =>
      onStage({ readings: { adComments: 'twice' } }, async ({ meta, callback }) => {
        const ad = { id: '1', title: 'Sale', originalMediaId: '2' };
        meta.customers.comment(ada.id, { ...flatComment, ad });
        await meta.deliveries.settled();
        expect(callback.bodies()).toHaveLength(2);
        expect(callback.bodies()[0]).toBe(callback.bodies()[1]);
      }),
  ],
  [
    'sizes',
    'mids of 164 characters and addresses of the CDN',
    () =>
      onStage({}, async (stage) => {
        const { id, attachments } = written({ attachments: [{ type: 'image' }] })(stage);
        expect(id).toMatch(/^aWdfZAG1f[A-Za-z0-9]{153}ZD$/);
        expect(id).not.toContain(accountId);
        expect(attachments).toEqual([
          {
            type: 'image',
            payload: {
              url: expect.stringMatching(
                /^https:\/\/lookaside\.fbsbx\.com\/ig_messaging_cdn\/\?asset_id=\d+&signature=.+$/,
              ),
            },
          },
        ]);
      }),
  ],
];
