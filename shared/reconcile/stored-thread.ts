import {
  type ConversationParts,
  conversationReader,
  type StoredMessage,
} from '../conversations/conversation-reader.ts';
import { merge } from '../conversations/merge.ts';
import type { MessageState } from '../conversations/message-state.ts';
import { messageStore } from '../conversations/message-store.ts';
import type { ConversationKey } from '../conversations/table-keys.ts';
import { graphTime } from '../instagram/event-time.ts';
import type { MessageId } from '../instagram/ids.ts';
import { detailedMessages, type Thread } from './graph-threads.ts';
import type { ReconcileParts } from './reconcile-parts.ts';

/** What is stored of a conversation, as far as Meta's is compared with it. */
export interface StoredThread {
  /** Of the messages that were asked for. */
  readonly states: ReadonlyMap<MessageId, MessageState>;
  /** The newest of the conversation, newest first. */
  readonly newest: readonly StoredMessage[];
  /** What is known of any message, under whichever id of the customer. */
  readonly find: (mid: MessageId) => Promise<MessageState | undefined>;
}

const comparedStored = 100;
/** Kinds that Meta's list of messages need not contain are left out. */
const listedKinds: ReadonlySet<string> = new Set(['text', 'attachment', 'story_mention', 'story_reply']);

export async function readStored(
  { client, tableName }: Pick<ReconcileParts, 'client' | 'tableName'>,
  key: ConversationKey,
  mids: readonly MessageId[],
): Promise<StoredThread> {
  const reader = conversationReader(client, tableName);
  const messages = messageStore(client, tableName);
  const conversation: ConversationParts = (await reader.find(key)) ?? { ...key, aliases: [] };
  const ids = [conversation.customerId, ...conversation.aliases];

  async function find(mid: MessageId): Promise<MessageState | undefined> {
    const found = await Promise.all(ids.map((id) => messages.find({ ...conversation, customerId: id }, mid)));
    const states = found.flatMap((state) => state ?? []);
    return states.length > 0 ? states.reduce(merge) : undefined;
  }

  const { items } = await reader.messages(conversation, comparedStored);
  const states = new Map<MessageId, MessageState>();
  for (const mid of mids) {
    const state = await find(mid);
    if (state) states.set(mid, state);
  }
  return { states, newest: items, find };
}

/** Stored messages that Meta, asked for the newest, left out although older ones are there. */
export function unlisted({ newest }: Pick<Thread, 'newest'>, stored: readonly StoredMessage[]) {
  const listed = new Set(newest.map(({ id }) => id));
  const oldestAtMs = graphTime(newest.at(-1)?.created_time)?.atMs;
  if (oldestAtMs === undefined) return [];
  // The oldest second of a full list may hold more than the list shows.
  const sinceMs = newest.length >= detailedMessages ? oldestAtMs + 1001 : oldestAtMs;
  return stored
    .map(({ id, state }) => ({ id, state, atMs: state.sentAt?.atMs ?? 0 }))
    .filter(({ id, state, atMs }) => {
      const isListedKind = state.content !== undefined && listedKinds.has(state.content.value.kind);
      return atMs >= sinceMs && isListedKind && !listed.has(id) && state.absence?.isAbsent !== true;
    });
}
