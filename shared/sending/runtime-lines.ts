import { conversationReader } from '../conversations/conversation-reader.ts';
import { parseConversationId } from '../conversations/table-keys.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';
import { standInLine } from './outbox.ts';
import { recordSent } from './record-sent.ts';
import type { ResolveParts } from './resolve-unknown.ts';
import { sendLedger } from './send-ledger.ts';
import type { SendRow, ThreadId } from './send-row.ts';
import { threadQueues } from './thread-queue.ts';
import { wakeThread } from './wake-thread.ts';

const newestRead = 100;

/**
 * The sends and their lines on AWS's services: for who puts a send in line, or finds out what became of one, and makes
 * no call to Meta.
 */
export function runtimeLines() {
  const table = required('TABLE_NAME');
  const ledger = sendLedger(dynamodb(), table);
  const queues = threadQueues(dynamodb(), table);
  return {
    ledger,
    queues,
    wake: wakeThread,
    record: recordSent,

    async outgoingSince(thread: ThreadId, sinceMs: number) {
      const conversation = parseConversationId(thread);
      if (!conversation) return [];
      const reader = conversationReader(dynamodb(), table);
      const { items } = await reader.messages((await reader.find(conversation)) ?? conversation, newestRead);
      return items
        .filter(({ state }) => state.direction === 'out' && (state.sentAt?.atMs ?? 0) >= sinceMs)
        .toReversed();
    },

    async goOn(row: SendRow) {
      await recordSent(row);
      if (row.state.name !== 'accepted') return;
      const { thread } = await standInLine({ queues }, row);
      await wakeThread(row.accountId, thread, 0);
    },
  } satisfies ResolveParts & Record<string, unknown>;
}
