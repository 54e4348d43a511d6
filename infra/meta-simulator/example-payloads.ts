import { newMid } from './ids.ts';
import type { ExamplePayload } from './page/wire.ts';
import { type Envelope, messagingDelivery } from './webhook-payloads.ts';
import type { World } from './world.ts';

/**
 * A payload for each kind that Meta delivers, about this account, this customer and messages of their thread
 * where there are any. The ids are new at each call, so that two of them are two messages.
 * https://developers.facebook.com/docs/instagram-platform/webhooks/examples
 */
export function examplePayloads(
  { account, clock, conversations, random, state }: World,
  customerId: string,
): readonly ExamplePayload[] {
  const timestamp = clock.nowMs();
  const mid = newMid(random);
  const messages = conversations.withCustomer(customerId)?.messages ?? [];
  const customersMid = messages.find(({ fromBusiness }) => !fromBusiness)?.id ?? mid;
  const businessMid = messages.find(({ fromBusiness }) => fromBusiness)?.id ?? mid;

  const sent = (content: Readonly<Record<string, unknown>>): Envelope =>
    messagingDelivery(account.id, {
      sender: { id: customerId },
      recipient: { id: account.id },
      timestamp,
      ...content,
    });
  const message = (content: Readonly<Record<string, unknown>>) => sent({ message: { mid, ...content } });
  const attached = (type: string, payload?: Readonly<Record<string, unknown>>) =>
    message({ attachments: [payload ? { type, payload } : { type }] });
  const change = (field: string, value: unknown): Envelope => ({
    object: 'instagram',
    entry: [{ id: account.id, time: Math.floor(timestamp / 1000), changes: [{ field, value }] }],
  });
  const passed = {
    previous_owner_app_id: '263902037430900',
    new_owner_app_id: state.appId,
    metadata: 'A question for a person',
  };

  const byKind: Readonly<Record<string, unknown>> = {
    text: message({ text: 'Do you ship to Oslo?' }),
    image: attached('image', { url: cdnUrl(1) }),
    'several images': message({
      attachments: [1, 2].map((asset) => ({ type: 'image', payload: { url: cdnUrl(asset) } })),
    }),
    audio: attached('audio', { url: cdnUrl(2) }),
    video: attached('video', { url: cdnUrl(3) }),
    file: attached('file', { url: cdnUrl(4) }),
    'disappearing photo': attached('ephemeral'),
    unsupported: message({ is_unsupported: true }),
    'shared post': attached('ig_post', {
      url: cdnUrl(5),
      title: 'New in the shop',
      ig_post_media_id: '17897600000000001',
    }),
    reel: attached('ig_reel', {
      url: 'https://www.instagram.com/reel/XXXX/',
      title: 'How it is made',
      reel_video_id: '17906200000000001',
    }),
    'story mention': attached('story_mention', { url: cdnUrl(6) }),
    'story reply': message({
      text: 'Love it!',
      reply_to: { story: { url: cdnUrl(7), id: '17900000000000001' } },
    }),
    reply: message({ text: 'This one', reply_to: { mid: customersMid, is_self_reply: true } }),
    'quick reply': message({ text: 'Blue', quick_reply: { payload: 'COLOR_BLUE' } }),
    'ad referral': message({
      text: 'Hi',
      referral: {
        ref: 'r1',
        ad_id: '120200000000001',
        source: 'ADS',
        type: 'OPEN_THREAD',
        ads_context_data: { ad_title: 'Sale', photo_url: cdnUrl(8) },
      },
    }),
    'product referral': message({
      text: 'Is it in stock?',
      referral: { product: { id: '4700000000000001' } },
    }),
    unsend: sent({ message: { mid: customersMid, is_deleted: true } }),
    echo: messagingDelivery(account.id, {
      sender: { id: account.id },
      recipient: { id: customerId },
      timestamp,
      message: { mid, text: 'On its way', is_echo: true },
    }),
    edit: sent({ message_edit: { mid: customersMid, text: 'Corrected text', num_edit: 1 } }),
    'edit in place of a message': sent({ message_edit: { mid, num_edit: 0 } }),
    reaction: sent({ reaction: { mid: businessMid, action: 'react', reaction: 'love', emoji: '❤️' } }),
    'reaction taken back': sent({ reaction: { mid: businessMid, action: 'unreact' } }),
    postback: sent({ postback: { mid, title: 'Track order', payload: 'TRACK' } }),
    seen: sent({ read: { mid: businessMid } }),
    referral: sent({
      referral: {
        ref: 'summer',
        source: `https://ig.me/m/${account.username}?ref=summer`,
        type: 'OPEN_THREAD',
      },
    }),
    'opt-in': sent({ optin: { ref: 'newsletter' } }),
    'thread passed': sent({ pass_thread_control: passed }),
    'thread taken': sent({ take_thread_control: passed }),
    'thread requested': sent({
      request_thread_control: { requested_owner_app_id: state.appId, metadata: 'May I?' },
    }),
    'app roles': sent({ app_roles: { [state.appId]: ['primary_receiver'] } }),
    standby: {
      object: 'instagram',
      entry: [
        {
          id: account.id,
          time: timestamp,
          standby: [
            {
              sender: { id: customerId },
              recipient: { id: account.id },
              timestamp,
              message: { mid, text: 'Another app answers this thread' },
            },
          ],
        },
      ],
    },
    'policy enforcement': {
      object: 'instagram',
      entry: [
        {
          id: account.id,
          time: timestamp,
          messaging: [
            {
              recipient: { id: account.id },
              timestamp,
              'policy-enforcement': { action: 'block', reason: 'Spam' },
            },
          ],
        },
      ],
    },
    comment: change('comments', commentOn('FEED', customerId)),
    'live comment': change('live_comments', commentOn('LIVE', customerId)),
    mention: change('mentions', { media_id: '17900000000000002', comment_id: '17870000000000001' }),
    'dashboard test': change('messages', {
      sender: { id: customerId },
      recipient: { id: account.id },
      timestamp: String(Math.floor(timestamp / 1000)),
      message: { mid, text: 'random_text' },
    }),
  };
  return Object.entries(byKind).map(([kind, payload]) => ({ kind, payload }));
}

function commentOn(productType: string, customerId: string) {
  return {
    id: '17870000000000001',
    text: 'What does it cost?',
    from: { id: customerId, username: 'ada' },
    media: { id: '17900000000000002', media_product_type: productType },
  };
}

function cdnUrl(asset: number): string {
  return `https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=${asset}&signature=example`;
}
