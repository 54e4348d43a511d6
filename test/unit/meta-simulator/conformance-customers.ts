import { expect } from 'vitest';
import { accountId } from './simulated-meta.ts';
import { ada, type Case, echoed, hold, midsOf, onStage, tells, written } from './webhook-cases.ts';

const selfId = '2234567890123456';
const heart = { reaction: 'love', emoji: '❤️' };

const flatComment = { text: 'price?', mediaId: '17900000000000002' };

/** What else customers and Meta do, each told as Meta's page shows it. */
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
