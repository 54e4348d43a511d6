import * as z from 'zod/mini';
import type { GraphCaller } from '../instagram/graph-client.ts';
import { isRefusal, type Reading, readGraph } from './graph-reading.ts';

export interface ConversationsReading {
  /** Whether the token may see any. */
  readonly isEmpty: boolean;
  /** When something last happened in one. */
  readonly newestAtMs?: number;
  /** How many of the newest ones were asked who holds them, and how many another app holds. */
  readonly asked: number;
  readonly heldByOthers: number;
}

export interface ConversationsLimits {
  /** Of the next call. */
  readonly timeoutMs: () => number;
  /** Waits for a call's turn, since Meta allows two a second; false when none comes in time. */
  readonly turn: () => Promise<boolean>;
}

const listed = 5;
const askedForOwner = 3;

const listAnswer = z.object({
  data: z.array(z.object({ id: z.string(), updated_time: z.optional(z.string()) })),
});
const ownerAnswer = z.object({ is_owner: z.optional(z.boolean()) });

/**
 * Reads whether there are conversations, and who may answer the newest. Ids first and each thread by itself:
 * one odd thread fails an expanded list as a whole.
 * https://developers.facebook.com/docs/messenger-platform/instagram/features/conversation
 */
export async function readConversations(
  caller: GraphCaller,
  { timeoutMs, turn }: ConversationsLimits,
): Promise<Reading<ConversationsReading>> {
  if (!(await turn())) {
    return {
      ok: false,
      failure: { kind: 'no_answer', why: 'other readers use up the calls that Meta allows' },
    };
  }
  const query = { platform: 'instagram', fields: 'id,updated_time', limit: String(listed) };
  const readList = () =>
    readGraph(caller, { path: '/me/conversations', query, timeoutMs: timeoutMs() }, listAnswer);
  let list = await readList();
  // Somebody else's calls may have come between.
  if (!list.ok && isRefusal(list.failure, 613)) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    if (await turn()) list = await readList();
  }
  if (!list.ok) return list;
  let asked = 0;
  let heldByOthers = 0;
  for (const { id } of list.value.data.slice(0, askedForOwner)) {
    if (!(await turn())) break;
    const path = `/${encodeURIComponent(id)}` as const;
    const call = { path, query: { fields: 'is_owner' }, timeoutMs: timeoutMs() };
    const thread = await readGraph(caller, call, ownerAnswer);
    if (!thread.ok) continue;
    // Told only where Conversation Routing is on, which is on for all threads or for none.
    if (thread.value.is_owner === undefined) break;
    asked += 1;
    if (!thread.value.is_owner) heldByOthers += 1;
  }
  const times = list.value.data.map((each) => Date.parse(each.updated_time ?? '')).filter(Number.isFinite);
  return {
    ok: true,
    value: {
      isEmpty: list.value.data.length === 0,
      ...(times.length > 0 && { newestAtMs: Math.max(...times) }),
      asked,
      heldByOthers,
    },
  };
}
