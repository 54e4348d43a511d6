import type { HeldAttachment, HeldMessage, QuickReply } from './conversations.ts';
import { invalidParameter } from './graph-errors.ts';
import { isRecord } from './graph-request.ts';
import { type MediaType, mediaTypes } from './outgoing-media.ts';
import { sendErrors } from './send-errors.ts';
import { parseTemplate } from './templates.ts';
import type { World } from './world.ts';

const maxTextBytes = 1000;
const maxImages = 10;
const maxQuickReplies = 13;
const quickReplyTitleLength = 20;

export interface MessageContent {
  /** As it is held, and shown to the customer. */
  readonly held: Pick<HeldMessage, 'text' | 'attachments' | 'quickReplies'>;
  /** What Meta fetches before it sends the message. */
  readonly media: readonly { readonly type: MediaType; readonly url: string }[];
}

type Known = Pick<World, 'state' | 'readings'>;

/**
 * The `message` of a send: a text, with quick replies or without, or attachments. Throws `GraphError`.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
 */
export function parseMessage(message: unknown, known: Known): MessageContent {
  if (!isRecord(message)) throw invalidParameter('The parameter message is required');
  // The reply belongs beside the message, not inside it.
  if ('reply_to' in message) throw invalidParameter('Invalid keys "reply_to" were found in param "message".');
  const { text, attachment, attachments, quick_replies: quickReplies } = message;
  const hasAttachments = attachment !== undefined || attachments !== undefined;
  if (text !== undefined && hasAttachments) {
    throw sendErrors.invalidData('Text and attachments cannot go in one message.');
  }
  if (hasAttachments) {
    if (quickReplies !== undefined) throw sendErrors.invalidData('Quick replies go with a text.');
    return parseAttachments(attachment, attachments, known);
  }
  const checked = { text: parseText(text, known.readings) };
  const held =
    quickReplies === undefined ? checked : { ...checked, quickReplies: parseQuickReplies(quickReplies) };
  return { held, media: [] };
}

function parseText(text: unknown, { textLimit }: World['readings']): string {
  if (typeof text !== 'string' || text.trim() === '') {
    throw invalidParameter('Message cannot be empty, must provide valid attachment or text');
  }
  const isTooLong =
    textLimit === '1000_bytes'
      ? Buffer.byteLength(text, 'utf8') > maxTextBytes
      : Array.from(text).length >= maxTextBytes;
  if (isTooLong) {
    throw invalidParameter(`Length of param message[text] must be less than or equal to ${maxTextBytes}`);
  }
  for (const [link] of text.matchAll(/https?:\/\/\S*/g)) {
    if (!URL.canParse(link)) throw invalidParameter('Param message[text] contains a malformed link');
  }
  return text;
}

function parseAttachments(attachment: unknown, attachments: unknown, known: Known): MessageContent {
  const listed = attachments ?? attachment;
  const parts: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  if (parts.length === 0 || parts.length > maxImages) {
    throw sendErrors.invalidData(`A message carries 1 to ${maxImages} images.`);
  }
  const parsed = parts.map((part) => parseAttachment(part, known));
  if (attachments !== undefined && parsed.some(({ held }) => held.type !== 'image')) {
    throw sendErrors.invalidData('Only images go in attachments; anything else in attachment.');
  }
  if (attachments === undefined && parts.length > 1) throw sendErrors.invalidData('One attachment only.');
  if (parts.length > 1 && !known.state.switches.multiImage) throw sendErrors.noMultiImage();
  return {
    held: { attachments: parsed.map(({ held }) => held) },
    media: parsed.flatMap(({ media }) => media ?? []),
  };
}

interface ParsedAttachment {
  readonly held: HeldAttachment;
  readonly media?: { readonly type: MediaType; readonly url: string };
}

function parseAttachment(attachment: unknown, known: Known): ParsedAttachment {
  if (!isRecord(attachment)) throw invalidParameter('Param message[attachment] must be an object');
  const { type, payload } = attachment;
  if (type === 'like_heart') return { held: { type } };
  if (!isRecord(payload)) throw sendErrors.invalidData('The attachment has no payload.');
  if (type === 'template') return { held: { type, payload: parseTemplate(payload, known.readings) } };
  if (type === 'MEDIA_SHARE') {
    // Only the business's own posts can be shared.
    if (typeof payload.id !== 'string' || !known.state.switches.posts.includes(payload.id)) {
      throw sendErrors.invalidData('The post does not belong to the account.');
    }
    return { held: { type, payload: { id: payload.id } } };
  }
  const mediaType = mediaTypes.find((known) => known === type);
  if (!mediaType) throw invalidParameter('Param message[attachment][type] must be a known attachment type');
  return parseMedia(mediaType, payload, known);
}

function parseMedia(
  type: MediaType,
  { url, attachment_id: uploadId }: Readonly<Record<string, unknown>>,
  { state }: Known,
): ParsedAttachment {
  if (uploadId !== undefined) {
    const upload = typeof uploadId === 'string' ? state.uploads.get(uploadId) : undefined;
    if (!upload) throw sendErrors.unknownUpload();
    if (upload.type !== type) throw sendErrors.invalidData('The uploaded file is of another type.');
    return { held: { type, payload: { url: upload.url } } };
  }
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw invalidParameter('Param message[attachment][payload][url] must be a valid URL');
  }
  return { held: { type, payload: { url } }, media: { type, url } };
}

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/quick-replies */
function parseQuickReplies(quickReplies: unknown): readonly QuickReply[] {
  if (!Array.isArray(quickReplies) || quickReplies.length === 0 || quickReplies.length > maxQuickReplies) {
    throw invalidParameter(`Param message[quick_replies] must hold 1 to ${maxQuickReplies} replies`);
  }
  return quickReplies.map((reply: unknown) => {
    const { content_type: type, title, payload } = isRecord(reply) ? reply : {};
    if (type === 'user_email' || type === 'user_phone_number') return { type };
    if (type !== 'text' || typeof title !== 'string' || title === '' || typeof payload !== 'string') {
      throw invalidParameter('Param message[quick_replies] must hold a title and a payload for each text');
    }
    // A longer title is cut, not refused.
    return { type, title: Array.from(title).slice(0, quickReplyTitleLength).join(''), payload };
  });
}
