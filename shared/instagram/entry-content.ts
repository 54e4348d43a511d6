import { isRecord } from '../runtime/json.ts';
import { bounded, type MessageContent, parseContent } from './message-content.ts';
import type { DeliveredItem } from './webhook-envelope.ts';

type Entry = { readonly text?: string; readonly content: MessageContent };

const addressKeys = new Set(['sender', 'recipient', 'timestamp', 'from', 'is_self']);

/**
 * Reads what is no message of Meta's and still belongs into the conversation: taps, links, handovers, comments.
 * What it does not know is an `unknown_event` with its raw form.
 */
export function parseEntry({ field, item: whole }: DeliveredItem, item: Record<string, unknown>): Entry {
  if (field === 'comments' || field === 'live_comments') return parseComment(field, item);
  const { message, postback, referral, optin } = item;
  // An echo of unsupported content was seen without a mid. MP §2.4
  if (isRecord(message)) return parseContent(message);
  if (isRecord(postback)) return parsePostback(postback, item.is_self === true);
  if (isRecord(referral)) return boundedEntry({ kind: 'referral', referral }, whole);
  if (isRecord(optin)) return boundedEntry({ kind: 'optin', optin }, whole);
  const handover = parseHandover(item);
  if (handover) return boundedEntry({ kind: 'handover', handover }, whole);
  const rest = Object.fromEntries(Object.entries(item).filter(([key]) => !addressKeys.has(key)));
  return boundedEntry({ kind: 'unknown_event', raw: isRecord(whole) ? rest : whole }, whole);
}

/** A tap on an ice breaker, the persistent menu or a template's button. MP §2.7 */
function parsePostback(postback: Record<string, unknown>, isSelf: boolean): Entry {
  const { mid: _, title, payload, referral, ...raw } = postback;
  const { text } = parseContent({ text: title });
  return {
    ...(text !== undefined && { text }),
    ...boundedEntry(
      {
        kind: 'postback',
        ...(typeof payload === 'string' && { postback: { payload } }),
        ...(isRecord(referral) && { referral }),
        ...(isSelf && { is_self: true as const }),
        ...(Object.keys(raw).length > 0 && { raw }),
      },
      postback,
    ),
  };
}

const handoverActions = ['pass_thread_control', 'take_thread_control', 'request_thread_control'] as const;

/** MP §2.11 */
function parseHandover(item: Record<string, unknown>): MessageContent['handover'] {
  const action = handoverActions.find((name) => isRecord(item[name]));
  const told = action && item[action];
  if (!action || !isRecord(told)) return undefined;
  const ids = ['previous_owner_app_id', 'new_owner_app_id', 'requested_owner_app_id', 'metadata'] as const;
  return {
    action,
    ...Object.fromEntries(ids.flatMap((key) => (typeof told[key] === 'string' ? [[key, told[key]]] : []))),
  };
}

/** The entry to a private reply. The reference names its id `id`, one example `comment_id`. MP §2.13 */
function parseComment(field: 'comments' | 'live_comments', value: Record<string, unknown>): Entry {
  const { id, comment_id, text, from, media, parent_id, ...rest } = value;
  const own = id ?? comment_id;
  const parsed = parseContent({ text });
  const username = isRecord(from) && typeof from.username === 'string' ? from.username : undefined;
  const mediaId = isRecord(media) && typeof media.id === 'string' ? media.id : undefined;
  return {
    ...(parsed.text !== undefined && { text: parsed.text }),
    ...boundedEntry(
      {
        kind: 'comment',
        comment: {
          ...(typeof own === 'string' && { id: own }),
          ...(field === 'live_comments' && { is_live: true as const }),
          ...(typeof parent_id === 'string' && { parent_id }),
          ...(mediaId !== undefined && { media_id: mediaId }),
          ...(username !== undefined && { username }),
        },
        ...(Object.keys(rest).length > 0 && { raw: rest }),
      },
      value,
    ),
  };
}

function boundedEntry(content: MessageContent, whole: unknown): { content: MessageContent } {
  return { content: bounded(content, whole) };
}
