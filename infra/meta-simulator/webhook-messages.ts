import type { HeldAttachment, HeldMessage } from './conversations.ts';
import type { WebhookEvent } from './webhook-payloads.ts';
import type { WebhookReadings } from './webhook-readings.ts';
import type { Update } from './webhook-updates.ts';

/** What a webhook tells of a message and Graph does not. */
export interface MessageExtras {
  readonly quickReply?: { readonly payload: string };
  /** Of an ad, or `{ product: { id } }`. */
  readonly referral?: Readonly<Record<string, unknown>>;
  readonly linkStickerUrl?: string;
  /** Whether the message replied to is the writer's own. */
  readonly isSelfReply?: boolean;
}

/**
 * What a customer wrote. Undefined when by the readings it causes no webhook.
 * https://developers.facebook.com/docs/instagram-platform/webhooks/examples
 */
export function messageUpdate(
  accountId: string,
  customerId: string,
  held: HeldMessage,
  extras: MessageExtras,
  readings: WebhookReadings,
): Update | undefined {
  const attachments = held.attachments && attachmentsAsDelivered(held.attachments, readings);
  if (attachments?.length === 0 && held.text === undefined && !held.isUnsupported) return undefined;
  const message = {
    ...(held.isUnsupported && readings.unsupported === 'attachment_without_mid' ? {} : { mid: held.id }),
    ...(held.text === undefined ? {} : { text: held.text }),
    ...(attachments && attachments.length > 0 ? { attachments } : {}),
    ...(extras.quickReply ? { quick_reply: extras.quickReply } : {}),
    ...(extras.referral ? { referral: extras.referral } : {}),
    ...replyTo(held, extras, readings),
    ...(held.isUnsupported && readings.unsupported === 'flag' ? { is_unsupported: true } : {}),
  };
  return update(customerId, accountId, held.sentAtMs, { message });
}

export function unsendUpdate(accountId: string, customerId: string, mid: string, atMs: number): Update {
  return update(customerId, accountId, atMs, { message: { mid, is_deleted: true } });
}

function update(
  senderId: string,
  recipientId: string,
  timestamp: number,
  content: Readonly<Record<string, unknown>>,
): Update {
  const value: WebhookEvent = {
    sender: { id: senderId },
    recipient: { id: recipientId },
    timestamp,
    ...content,
  };
  return { field: 'messages', value };
}

function replyTo(
  { replyToMid, replyToStory }: HeldMessage,
  { linkStickerUrl, isSelfReply }: MessageExtras,
  { selfReply }: WebhookReadings,
): Record<string, unknown> {
  if (replyToStory) {
    const { url, id } = replyToStory;
    const story = { url, id, ...(linkStickerUrl === undefined ? {} : { link_sticker_url: linkStickerUrl }) };
    return { reply_to: { story } };
  }
  if (replyToMid === undefined) return {};
  const flag = selfReply === 'sent' && isSelfReply !== undefined ? { is_self_reply: isSelfReply } : {};
  return { reply_to: { mid: replyToMid, ...flag } };
}

function attachmentsAsDelivered(
  held: readonly HeldAttachment[],
  { sharedPosts, stickers, unsupported }: WebhookReadings,
): readonly HeldAttachment[] {
  return held.flatMap((attachment) => {
    const { type, payload = {} } = attachment;
    switch (type) {
      case 'ig_post': {
        const share = { type: 'share', payload: { url: payload.url } };
        if (sharedPosts === 'share') return share;
        return sharedPosts === 'both' ? [share, attachment] : attachment;
      }
      case 'sticker': {
        if (stickers === 'no_webhook') return [];
        const image = { type: 'image', payload: { url: payload.url } };
        return stickers === 'image' ? image : [image, attachment];
      }
      case 'unsupported_type':
        return unsupported === 'flag' ? [] : attachment;
      default:
        return attachment;
    }
  });
}
