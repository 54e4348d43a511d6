import { isRecord } from '../runtime/json.ts';

/** What a message holds beside its text. Meta's media are links that expire, never copies. */
export interface MessageContent {
  readonly kind: MessageKind;
  readonly attachments?: readonly Attachment[];
  readonly reply_to?: ReplyTo;
  readonly quick_reply?: { readonly payload: string };
  /** What the tapped button stands for; its title is the text. */
  readonly postback?: { readonly payload: string };
  readonly referral?: Readonly<Record<string, unknown>>;
  readonly optin?: Readonly<Record<string, unknown>>;
  readonly handover?: {
    readonly action: 'pass_thread_control' | 'take_thread_control' | 'request_thread_control';
    readonly previous_owner_app_id?: string;
    readonly new_owner_app_id?: string;
    readonly requested_owner_app_id?: string;
    readonly metadata?: string;
  };
  readonly comment?: {
    /** What a private reply is addressed to. */
    readonly id?: string;
    readonly is_live?: true;
    readonly parent_id?: string;
    readonly media_id?: string;
    readonly username?: string;
  };
  /** The business wrote to itself. */
  readonly is_self?: true;
  /** What this version did not understand, as it came. */
  readonly raw?: unknown;
}

export const messageKinds = [
  'text',
  'attachment',
  'story_mention',
  'story_reply',
  /** Disappearing media, of which Meta gives out nothing. */
  'ephemeral',
  'postback',
  'referral',
  'optin',
  'handover',
  'comment',
  'unsupported',
  /** Graph lists it and gives out no content: it is older than the 20 newest of its conversation. */
  'unreadable',
  /** Before this Meta has messages that it gives out to nobody. */
  'history_start',
  'unknown',
  /** No message, and nothing that this version knows. */
  'unknown_event',
] as const;
export type MessageKind = (typeof messageKinds)[number];

export interface Attachment {
  /** Meta's own name: `image`, `video`, `audio`, `file`, `share`, `ig_post`, `ig_reel`, `story_mention` … */
  readonly type: string;
  readonly url?: string;
  readonly title?: string;
  readonly raw?: unknown;
}

export type ReplyTo =
  | { readonly mid: string }
  | { readonly story: { readonly id?: string; readonly url?: string; readonly raw?: unknown } };

/**
 * Bounds that keep a stored message under 64 KB whatever was delivered, in bytes of UTF-8 JSON. A raw form
 * that is cut becomes a JSON string inside JSON, which at worst doubles it.
 */
const maxRawBytes = 32 * 1024;
const cutRawBytes = 16 * 1024;
const maxContentBytes = 24 * 1024;
const maxTextBytes = 4 * 1024;

const envelopeKeys = new Set(['mid', 'is_echo', 'is_deleted', 'folder']);

/** Reads the `message` object of a webhook. Keys and types that it does not know end in `raw`. */
export function parseContent(message: Record<string, unknown>): { text?: string; content: MessageContent } {
  const { text, attachments, reply_to, quick_reply, referral, is_self, is_unsupported, ...others } = message;
  const unknown: Record<string, unknown> = Object.fromEntries(
    Object.entries(others).filter(([key]) => !envelopeKeys.has(key)),
  );
  const content: { -readonly [Key in keyof MessageContent]: MessageContent[Key] } = { kind: 'unknown' };

  if (Array.isArray(attachments)) {
    if (attachments.length > 0) content.attachments = withoutTwins(attachments.map(parseAttachment));
  } else if (attachments !== undefined) unknown.attachments = attachments;

  const reply = parseReplyTo(reply_to);
  if (reply) content.reply_to = reply;
  else if (reply_to !== undefined) unknown.reply_to = reply_to;

  if (isRecord(quick_reply) && typeof quick_reply.payload === 'string') {
    content.quick_reply = { payload: quick_reply.payload };
  } else if (quick_reply !== undefined) unknown.quick_reply = quick_reply;

  if (isRecord(referral)) content.referral = referral;
  else if (referral !== undefined) unknown.referral = referral;

  if (is_self === true) content.is_self = true;

  const hasText = typeof text === 'string' && text !== '';
  if (text !== undefined && typeof text !== 'string') unknown.text = text;
  if (hasText && Buffer.byteLength(text) > maxTextBytes) unknown.text = text;
  content.kind = kindOf(content, hasText, is_unsupported === true);
  if (Object.keys(unknown).length > 0) content.raw = unknown;

  return {
    ...(hasText && { text: cutToBytes(text.toWellFormed(), maxTextBytes) }),
    content: bounded(content, message),
  };
}

function kindOf(content: MessageContent, hasText: boolean, isUnsupported: boolean): MessageKind {
  const types = content.attachments?.map(({ type }) => type) ?? [];
  if (isUnsupported || (types.length > 0 && types.every((type) => type === 'unsupported_type'))) {
    return 'unsupported';
  }
  if (types.length > 0 && types.every((type) => type === 'ephemeral')) return 'ephemeral';
  if (types.includes('story_mention')) return 'story_mention';
  if (content.reply_to && 'story' in content.reply_to) return 'story_reply';
  if (types.length > 0) return 'attachment';
  return hasText ? 'text' : 'unknown';
}

/** For a while Meta sent a shared post twice, as `share` and as `ig_post`: it is one. MP §2.4 */
function withoutTwins(attachments: readonly Attachment[]): readonly Attachment[] {
  let twins = attachments.filter(({ type }) => type === 'ig_post').length;
  return attachments.filter(({ type }) => {
    if (type !== 'share' || twins === 0) return true;
    twins -= 1;
    return false;
  });
}

function parseAttachment(attachment: unknown): Attachment {
  if (!isRecord(attachment) || typeof attachment.type !== 'string') {
    return { type: 'unknown', raw: attachment };
  }
  const { type, payload, ...others } = attachment;
  const { url, title, ...rest } = isRecord(payload) ? payload : {};
  const raw = { ...others, ...rest, ...(payload !== undefined && !isRecord(payload) && { payload }) };
  return {
    type,
    ...(typeof url === 'string' && { url }),
    ...(typeof title === 'string' && { title }),
    ...(Object.keys(raw).length > 0 && { raw }),
  };
}

function parseReplyTo(value: unknown): ReplyTo | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.mid === 'string') return { mid: value.mid };
  if (!isRecord(value.story)) return undefined;
  const { id, url, ...raw } = value.story;
  return {
    story: {
      ...(typeof id === 'string' && { id }),
      ...(typeof url === 'string' && { url }),
      ...(Object.keys(raw).length > 0 && { raw }),
    },
  };
}

/** Keeps content within its bounds; where it is over them, `whole` takes its place as raw. */
export function bounded(content: MessageContent, whole: unknown): MessageContent {
  const { raw, ...understood } = content;
  if (jsonBytes(understood) > maxContentBytes) return { kind: 'unknown', raw: boundedRaw(whole) };
  return raw === undefined ? content : { ...understood, raw: boundedRaw(raw) };
}

/** The value itself, or the first 16 KB of its JSON where that is over 32 KB. */
export function boundedRaw(value: unknown): unknown {
  const json = JSON.stringify(value) ?? 'null';
  const bytes = Buffer.byteLength(json);
  return bytes <= maxRawBytes ? value : { truncated_json: cutToBytes(json, cutRawBytes), bytes };
}

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
