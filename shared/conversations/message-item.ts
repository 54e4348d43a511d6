import type { TimeRank } from '../instagram/event-time.ts';
import type { MessageId } from '../instagram/ids.ts';
import type { MessageContent } from '../instagram/message-content.ts';
import type { Reaction } from '../instagram/reaction.ts';
import { canonicalJson } from '../runtime/json.ts';
import { expiryOf } from '../runtime/retention.ts';
import {
  type ContentRank,
  type MessageState,
  type ReactionRegister,
  type SentBy,
  stateHash,
  type Via,
} from './message-state.ts';
import { timelineKey } from './summary.ts';
import { type ConversationKey, messageKey } from './table-keys.ts';

/** A message as the table holds it: each register an attribute of its own, and when it is to go, if ever. */
export function messageItem(conversation: ConversationKey, mid: MessageId, state: MessageState) {
  const { direction, sentAt, deletedAtMs, readAtMs, text, editedAtMs, content } = state;
  const expiresAt = expiryOf(timeOf(state));
  return {
    ...messageKey(conversation, mid),
    v: 1,
    type: 'message',
    ...(direction && { direction }),
    via: state.via,
    ...(sentAt && {
      sent_at: sentAt.atMs,
      sent_at_rank: sentAt.rank,
      timeline_key: timelineKey(sentAt.atMs, mid),
    }),
    ...(deletedAtMs !== undefined && { deleted_at: deletedAtMs }),
    ...(readAtMs !== undefined && { read_at: readAtMs }),
    ...(text && { text: text.value, text_version: text.version }),
    ...(editedAtMs !== undefined && { edited_at: editedAtMs }),
    // As JSON: a delivered value may be nested deeper than the 32 levels that an item allows.
    ...(content && { content: canonicalJson(content.value), content_rank: content.rank }),
    ...(state.customerReaction && { customer_reaction: reactionItem(state.customerReaction) }),
    ...(state.businessReaction && { business_reaction: reactionItem(state.businessReaction) }),
    ...(state.absence && { absence: { at: state.absence.atMs, is_absent: state.absence.isAbsent } }),
    ...(state.sentBy && { sent_by: state.sentBy }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    hash: stateHash(state),
  };
}

/** When it was sent; of a message that is not known yet, the newest that is known of it. */
function timeOf({ sentAt, ...state }: MessageState): number {
  const { deletedAtMs, readAtMs, editedAtMs, customerReaction, businessReaction } = state;
  const times = [deletedAtMs, readAtMs, editedAtMs, customerReaction?.atMs, businessReaction?.atMs];
  return sentAt?.atMs ?? Math.max(0, ...times.filter((time) => time !== undefined));
}

export function readMessageState(item: Record<string, unknown>): MessageState {
  const customerReaction = readReaction(item.customer_reaction);
  const businessReaction = readReaction(item.business_reaction);
  return {
    ...(item.direction !== undefined && { direction: item.direction as 'in' | 'out' }),
    via: item.via as Via[],
    ...(item.sent_at !== undefined && {
      sentAt: { atMs: item.sent_at as number, rank: item.sent_at_rank as TimeRank },
    }),
    ...(item.deleted_at !== undefined && { deletedAtMs: item.deleted_at as number }),
    ...(item.read_at !== undefined && { readAtMs: item.read_at as number }),
    ...(item.text !== undefined && {
      text: { value: item.text as string, version: item.text_version as [number, number] },
    }),
    ...(item.edited_at !== undefined && { editedAtMs: item.edited_at as number }),
    ...(item.content !== undefined && {
      content: {
        value: JSON.parse(item.content as string) as MessageContent,
        rank: item.content_rank as ContentRank,
      },
    }),
    ...(customerReaction && { customerReaction }),
    ...(businessReaction && { businessReaction }),
    ...(item.absence !== undefined && { absence: readAbsence(item.absence) }),
    ...(item.sent_by !== undefined && { sentBy: item.sent_by as SentBy }),
  };
}

/** Taken back: a time alone. */
function reactionItem({ value, atMs }: ReactionRegister) {
  return { at: atMs, ...(value && { reaction: value }) };
}

function readAbsence(item: unknown): NonNullable<MessageState['absence']> {
  const { at, is_absent } = item as { at: number; is_absent: boolean };
  return { isAbsent: is_absent, atMs: at };
}

function readReaction(item: unknown): ReactionRegister | undefined {
  if (item === undefined) return undefined;
  const { at, reaction } = item as { at: number; reaction?: Reaction };
  return { value: reaction ?? null, atMs: at };
}
