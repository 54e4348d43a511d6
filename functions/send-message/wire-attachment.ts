import type { GraphSecret } from '../../shared/runtime/secrets.ts';
import type { MediaSource } from './media-source.ts';
import type { MessageObject } from './message.ts';

export type Login = GraphSecret['login'];
/** The `message` of `POST /me/messages`. */
export type WireMessage = Readonly<Record<string, unknown>>;

/**
 * The attachment of a message in Meta's form; `undefined` when it has none. Several images go as `attachments`,
 * all else as `attachment`. A single image is shown as a list of one for Instagram login, and alone for Facebook
 * login.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
 * https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/send-message
 * An upload stays an upload: it gets its address as it is sent.
 */
export function wireAttachment(message: MessageObject, login: Login): WireMessage | undefined {
  const { image, images, sticker, post_id, template } = message;
  const allImages = images ?? (image && [image]);
  if (allImages) return wireImages(allImages.map(payloadOf), login);
  if (sticker !== undefined) return { attachment: { type: sticker } };
  if (post_id !== undefined) return { attachment: { type: 'MEDIA_SHARE', payload: { id: post_id } } };
  if (template) return { attachment: { type: 'template', payload: template } };
  for (const type of ['video', 'audio', 'file'] as const) {
    const source = message[type];
    if (source) return { attachment: { type, payload: payloadOf(source) } };
  }
  return undefined;
}

type Payload = Readonly<Record<string, unknown>>;

function wireImages(payloads: readonly Payload[], login: Login): WireMessage {
  const attachments = payloads.map((payload) => ({ type: 'image', payload }));
  return attachments.length === 1 && login === 'facebook' ? { attachment: attachments[0] } : { attachments };
}

function payloadOf({ url, upload_id, attachment_id }: MediaSource): Payload {
  if (attachment_id !== undefined) return { attachment_id };
  return upload_id === undefined ? { url } : { upload_id };
}
