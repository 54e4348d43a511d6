import type { MessageContent } from '../instagram/message-content.ts';
import type { MessageEvent, TimeRank, UnsendEvent } from '../instagram/webhook-events.ts';
import { contentHash } from '../runtime/json.ts';

/** Which way a message reached us; a message may have come several ways. */
export type Via = 'messaging' | 'standby' | 'graph' | 'send';

/** A register of the state: the greater version wins. */
export interface TextRegister {
  readonly value: string;
  /** Meta's time of this text in ms, then its edit number. */
  readonly version: readonly [atMs: number, editNumber: number];
}

/** Where content came from, best last: webhooks say more than Graph's reading of the same message. */
export const contentRanks = ['graph', 'standby', 'messaging'] as const;

export interface ContentRegister {
  readonly value: MessageContent;
  readonly rank: (typeof contentRanks)[number];
}

/**
 * All that is known of one message. A join-semilattice under `merge`: the state depends on the set of events
 * seen, not on their order or number. Nothing in it comes from our clock.
 */
export interface MessageState {
  readonly direction: 'in' | 'out';
  readonly via: readonly Via[];
  readonly sentAt?: { readonly atMs: number; readonly rank: TimeRank };
  readonly deletedAtMs?: number;
  readonly text?: TextRegister;
  readonly content?: ContentRegister;
}

/** The least state that one event alone proves. */
export function stateOf(event: MessageEvent | UnsendEvent): MessageState {
  const rank = event.standby ? 'standby' : 'messaging';
  const envelope = { direction: event.direction, via: [rank] as const };
  if (event.type === 'unsend') {
    // A tombstone without a time still is one; 0 is the earliest of all.
    return { ...envelope, deletedAtMs: event.time?.atMs ?? 0 };
  }
  return {
    ...envelope,
    ...(event.time && { sentAt: event.time }),
    ...(event.text !== undefined && { text: { value: event.text, version: [event.time?.atMs ?? 0, 0] } }),
    content: { value: event.content, rank },
  };
}

/** Equal states have equal hashes; the optimistic write compares them. */
export function stateHash(state: MessageState): string {
  return contentHash(state);
}
