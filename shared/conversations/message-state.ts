import type { EventTime } from '../instagram/event-time.ts';
import type { MessageContent } from '../instagram/message-content.ts';
import type { Reaction } from '../instagram/reaction.ts';
import { contentHash } from '../runtime/json.ts';
import type { ConversationEvent } from './conversation-event.ts';

/** Which way a message reached us; a message may have come several ways. */
export type Via = 'messaging' | 'standby' | 'graph' | 'send';

/** A register of the state: the greater version wins. */
export interface TextRegister {
  readonly value: string;
  /** Meta's time of this text in ms, then its edit number. */
  readonly version: readonly [atMs: number, editNumber: number];
}

/** Where content came from, best last: webhooks say more than Graph's reading of the same message. */
export const contentRanks = ['listed', 'graph', 'send', 'standby', 'messaging'] as const;
export type ContentRank = (typeof contentRanks)[number];

export interface ContentRegister {
  readonly value: MessageContent;
  readonly rank: ContentRank;
}

export interface ReactionRegister {
  /** `null`: taken back. */
  readonly value: Reaction | null;
  readonly atMs: number;
}

export interface SentBy {
  readonly sendId: string;
  /** The key's. */
  readonly name: string;
  readonly kind: 'human' | 'bot';
}

/**
 * All that is known of one message. A join-semilattice under `merge`: the state depends on the set of events
 * seen, not on their order or number. Nothing in it comes from our clock.
 *
 * The message itself may be unknown still: a reaction, an edit or a read receipt can come first.
 */
export interface MessageState {
  /** Absent until something that names its sender was seen. */
  readonly direction?: 'in' | 'out';
  readonly via: readonly Via[];
  readonly sentAt?: EventTime;
  readonly deletedAtMs?: number;
  /** The customer had seen the thread up to it. */
  readonly readAtMs?: number;
  readonly text?: TextRegister;
  readonly editedAtMs?: number;
  readonly content?: ContentRegister;
  readonly customerReaction?: ReactionRegister;
  readonly businessReaction?: ReactionRegister;
  /** Which key of the API sent it; absent: somebody in the Instagram app, or another app. */
  readonly sentBy?: SentBy;
  /** Whether Meta, asked for the newest messages of the conversation, left this one out: it may be unsent. */
  readonly absence?: { readonly isAbsent: boolean; readonly atMs: number };
}

/** The least state that one event alone proves. */
export function stateOf(event: ConversationEvent): MessageState {
  const atMs = event.time?.atMs ?? 0;
  switch (event.type) {
    case 'message': {
      const rank = event.standby ? 'standby' : 'messaging';
      return {
        direction: event.direction,
        via: [rank],
        ...(event.time && { sentAt: event.time }),
        ...(event.text !== undefined && { text: { value: event.text, version: [atMs, 0] } }),
        content: { value: event.content, rank },
      };
    }
    case 'unsend':
      // A tombstone without a time still is one; 0 is the earliest of all.
      return {
        direction: event.direction,
        via: [event.standby ? 'standby' : 'messaging'],
        deletedAtMs: atMs,
      };
    case 'edit':
      return {
        direction: event.direction,
        via: [],
        ...(event.text !== undefined &&
          event.editNumber > 0 && {
            text: { value: event.text, version: [atMs, event.editNumber] },
            editedAtMs: atMs,
          }),
      };
    case 'reaction':
      return { via: [], customerReaction: { value: event.reaction, atMs } };
    case 'seen':
      return { via: [], readAtMs: atMs };
    case 'graph':
    case 'send':
    case 'own_reaction':
      return event.state;
  }
}

/** Equal states have equal hashes; the optimistic write compares them. */
export function stateHash(state: MessageState): string {
  return contentHash(state);
}
