import { isRecord } from '../runtime/json.ts';
import { type EventTime, graphTime } from './event-time.ts';
import {
  type Attachment,
  bounded,
  type MessageContent,
  type MessageKind,
  parseContent,
  type ReplyTo,
} from './message-content.ts';
import type { Reaction } from './reaction.ts';

/** One message as `GET /{mid}` or a conversation's `messages` tells it. MP §4.5 */
export interface GraphMessage {
  readonly time?: EventTime;
  readonly fromId?: string;
  readonly text?: string;
  /** Absent where Graph told id and time alone. */
  readonly content?: MessageContent;
  /** By the id of who reacted. Absent where Graph was not asked for them, or does not tell. */
  readonly reactions?: ReadonlyMap<string, Reaction>;
}

/** What a full read asks for; Instagram login documents the first five alone. */
export const documentedMessageFields = ['id', 'created_time', 'from', 'to', 'message'] as const;
export const fullMessageFields = [
  ...documentedMessageFields,
  'reply_to',
  'is_unsupported',
  'attachments',
  'shares',
  'story',
  'reactions',
] as const;

/** Reads a message of Graph. Never throws: what it does not know is raw. */
export function parseGraphMessage(node: Readonly<Record<string, unknown>>): GraphMessage {
  const time = graphTime(node.created_time);
  const fromId = isRecord(node.from) && typeof node.from.id === 'string' ? node.from.id : undefined;
  const { text } = parseContent({ text: node.message });
  const reactions = reactionsOf(node.reactions);
  return {
    ...(time && { time }),
    ...(fromId !== undefined && { fromId }),
    ...(text !== undefined && { text }),
    ...(fromId !== undefined && { content: contentOf(node, text !== undefined) }),
    ...(reactions && { reactions }),
  };
}

function contentOf(node: Readonly<Record<string, unknown>>, hasText: boolean): MessageContent {
  const attachments = [
    ...items(node.attachments).map(attachmentOf),
    ...items(node.shares).map(shareOf),
    ...storyMentionOf(node.story),
  ];
  const replyTo = replyToOf(node);
  return bounded(
    {
      kind: kindOf(node, attachments, replyTo, hasText),
      ...(attachments.length > 0 && { attachments }),
      ...(replyTo && { reply_to: replyTo }),
    },
    node,
  );
}

function kindOf(
  node: Readonly<Record<string, unknown>>,
  attachments: readonly Attachment[],
  replyTo: ReplyTo | undefined,
  hasText: boolean,
): MessageKind {
  if (node.is_unsupported === true) return 'unsupported';
  if (attachments.some(({ type }) => type === 'story_mention')) return 'story_mention';
  if (replyTo && 'story' in replyTo) return 'story_reply';
  if (attachments.length > 0) return 'attachment';
  return hasText ? 'text' : 'unknown';
}

/** By the member that is there: Graph names no type. */
function attachmentOf(item: Readonly<Record<string, unknown>>): Attachment {
  const { image_data: image, video_data: video, file_url: file, mime_type: mime } = item;
  if (isRecord(image)) return media('image', image.url ?? image.animated_gif_url, item);
  if (isRecord(video)) return media('video', video.url, item);
  if (isRecord(item.generic_template)) return { type: 'template', raw: item.generic_template };
  const type = typeof mime === 'string' && mime.startsWith('audio/') ? 'audio' : 'file';
  return media(type, file, item);
}

function media(type: string, url: unknown, raw: unknown): Attachment {
  return typeof url === 'string' ? { type, url } : { type, raw };
}

function shareOf({ link, name, ...raw }: Readonly<Record<string, unknown>>): Attachment {
  return {
    type: 'share',
    ...(typeof link === 'string' && { url: link }),
    ...(typeof name === 'string' && { title: name }),
    ...(Object.keys(raw).length > 0 && { raw }),
  };
}

function storyMentionOf(story: unknown): Attachment[] {
  if (!isRecord(story) || !isRecord(story.mention)) return [];
  return [media('story_mention', story.mention.link, story.mention)];
}

function replyToOf({ reply_to: reply, story }: Readonly<Record<string, unknown>>): ReplyTo | undefined {
  if (isRecord(reply) && typeof reply.mid === 'string') return { mid: reply.mid };
  if (!isRecord(story) || !isRecord(story.reply_to)) return undefined;
  const { id, link } = story.reply_to;
  return { story: { ...(typeof id === 'string' && { id }), ...(typeof link === 'string' && { url: link }) } };
}

function reactionsOf(told: unknown): ReadonlyMap<string, Reaction> | undefined {
  if (!isRecord(told)) return undefined;
  return new Map(
    items(told).flatMap(({ reaction, users }) =>
      (Array.isArray(users) ? users.filter(isRecord) : []).flatMap(({ id }): [string, Reaction][] =>
        typeof id === 'string' && typeof reaction === 'string' ? [[id, namedOrEmoji(reaction)]] : [],
      ),
    ),
  );
}

/** Graph tells one value, which is a name in some answers and the emoji in others. */
function namedOrEmoji(reaction: string): Reaction {
  return /^[a-z_]{1,32}$/.test(reaction)
    ? { name: reaction }
    : { emoji: reaction.slice(0, 64).toWellFormed() };
}

function items(list: unknown): Record<string, unknown>[] {
  return isRecord(list) && Array.isArray(list.data) ? list.data.filter(isRecord) : [];
}
