import type { Conversation, HeldAttachment, HeldMessage, Person } from './conversations.ts';
import type { Field } from './fields.ts';
import { asParty, graphTime, node, show } from './graph-node.ts';
import { isRecord } from './graph-request.ts';
import { attachmentIdOf } from './ids.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

const shareTypes: readonly string[] = ['share', 'ig_post', 'ig_reel', 'reel', 'MEDIA_SHARE'];

const mimeTypes: Readonly<Record<string, string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/mp4',
  file: 'application/pdf',
};

const imageSide = 1080;

/**
 * One message. Instagram login documents id, created_time, from, to and message; the rest is known from Facebook
 * login.
 */
export function showMessage(
  message: HeldMessage,
  { customer, messages }: Conversation,
  { account, login, readings }: World,
  fields?: readonly Field[],
): Body {
  const [from, to] = message.fromBusiness ? [account, customer] : [customer, account];
  const documented = {
    id: message.id,
    created_time: graphTime(message.sentAtMs),
    from: asParty(from),
    to: { data: [asParty(to)] },
    message: message.text ?? '',
    is_unsupported: message.isUnsupported === true ? true : undefined,
  };
  const isBare = login === 'instagram' && readings.messageFieldsOnInstagramLogin === 'documented';
  const further = {
    reply_to: replyTo(message, messages),
    attachments: data(message.attachments?.flatMap((item, at) => attachment(item, `${message.id}/${at}`))),
    shares: data(message.attachments?.flatMap(share)),
    story: story(message),
    reactions: reactions(message, customer, account),
    sticker: message.attachments?.some(({ type }) => type === 'like_heart') ? 'like_heart' : undefined,
    tags: undefined,
  };
  return show(
    node('Message', ['id', 'created_time'], isBare ? documented : { ...documented, ...further }),
    fields,
  );
}

function replyTo({ replyToMid, fromBusiness }: HeldMessage, messages: readonly HeldMessage[]): unknown {
  if (replyToMid === undefined) return undefined;
  const quoted = messages.find(({ id }) => id === replyToMid);
  return quoted
    ? { mid: replyToMid, is_self_reply: quoted.fromBusiness === fromBusiness }
    : { mid: replyToMid };
}

function attachment({ type, payload = {} }: HeldAttachment, key: string): Body | readonly [] {
  if (type === 'template') return { generic_template: templateOf(payload) };
  const mime = mimeTypes[type];
  if (mime === undefined || typeof payload.url !== 'string') return [];
  const { url } = payload;
  const size = { width: imageSide, height: imageSide };
  const common = {
    id: attachmentIdOf(key),
    name: `${type}-${attachmentIdOf(key)}`,
    mime_type: mime,
    size: 0,
  };
  if (type === 'image') {
    const most = { max_width: imageSide, max_height: imageSide };
    return { ...common, image_data: { url, preview_url: url, ...size, ...most, render_as_sticker: false } };
  }
  if (type === 'video') return { ...common, video_data: { url, preview_url: url, ...size } };
  return { ...common, file_url: url };
}

/** The first element stands for the template. */
function templateOf({ elements, text }: Readonly<Record<string, unknown>>): Body {
  const first: unknown = Array.isArray(elements) ? elements[0] : undefined;
  if (!isRecord(first)) return { title: text };
  return { title: first.title, subtitle: first.subtitle, media_url: first.image_url };
}

function share({ type, payload = {} }: HeldAttachment): Body | readonly [] {
  if (!shareTypes.includes(type)) return [];
  const link = payload.url ?? `https://www.instagram.com/p/${String(payload.id)}/`;
  return payload.title === undefined ? { link } : { link, name: payload.title };
}

function story({ replyToStory, attachments }: HeldMessage): unknown {
  if (replyToStory) return { reply_to: { link: replyToStory.url, id: replyToStory.id } };
  const mention = attachments?.find(({ type }) => type === 'story_mention')?.payload;
  return mention && { mention: { link: mention.url, id: mention.id ?? attachmentIdOf(String(mention.url)) } };
}

function reactions(
  { reactions: held = [] }: HeldMessage,
  customer: Person,
  account: Pick<Person, 'id' | 'username'>,
): unknown {
  if (held.length === 0) return undefined;
  const names = [...new Set(held.map(({ emoji }) => emoji))];
  return {
    data: names.map((emoji) => ({
      reaction: emoji,
      users: held
        .filter((each) => each.emoji === emoji)
        .map(({ fromBusiness }) => asParty(fromBusiness ? account : customer)),
    })),
  };
}

function data(items: readonly unknown[] = []): unknown {
  return items.length === 0 ? undefined : { data: items };
}
