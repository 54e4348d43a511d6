import type { MessageState } from '../conversations/message-state.ts';
import { graphTime } from '../instagram/event-time.ts';
import { type MessageId, messageId } from '../instagram/ids.ts';
import type { GraphThreads, MessageNode } from './graph-threads.ts';

export interface Behind {
  /** Messages that are not stored, although older ones are: they were missed, and Meta gives out no more of them. */
  readonly gaps: readonly MessageNode[];
  /** Whether there are messages from before the store began. */
  readonly hasOlder: boolean;
}

/** Ids that are looked through at the first look at a thread; an import looks through all. */
const maxListed = 500;

/**
 * Goes through the ids behind the newest messages of a thread, of which Graph tells id and time alone: as far as
 * the last look at it came, or to the end.
 * @param lookedUpToMs the newest message that the last look saw; absent before the first.
 */
export async function lookBehind(
  threads: Pick<GraphThreads, 'messageIds'>,
  threadId: string,
  newest: readonly MessageNode[],
  known: (mid: MessageId) => Promise<MessageState | undefined>,
  { lookedUpToMs, isImport }: { readonly lookedUpToMs?: number | undefined; readonly isImport: boolean },
): Promise<Behind> {
  // Times are of a second, so what stands in the last seen one is looked at too.
  const shown = new Set(newest.map(({ id }) => id));
  const gaps: MessageNode[] = [];
  let unstored: MessageNode[] = [];
  let listed = 0;
  let after: string | undefined;
  do {
    const page = await threads.messageIds(threadId, after);
    for (const node of page.nodes) {
      const mid = messageId(node.id);
      if (!mid || shown.has(node.id)) continue;
      listed += 1;
      const atMs = graphTime(node.created_time)?.atMs ?? 0;
      if (lookedUpToMs !== undefined && atMs < lookedUpToMs && !isImport) {
        return { gaps: [...gaps, ...unstored], hasOlder: false };
      }
      const state = await known(mid);
      // Without its time a message is in no timeline: that it is missing is still to be stated.
      if (state?.content && state.sentAt) {
        gaps.push(...unstored);
        unstored = [];
      } else {
        unstored.push(node);
      }
    }
    after = page.next;
  } while (after !== undefined && (isImport || lookedUpToMs !== undefined || listed < maxListed));
  return { gaps, hasOlder: unstored.length > 0 };
}
