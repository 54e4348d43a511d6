import { conversationReader } from '../conversations/conversation-reader.ts';
import { messageStore } from '../conversations/message-store.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';
import type { OutboxParts } from './outbox.ts';
import { type SendRow, threadOf } from './send-row.ts';
import { withoutRenamed } from './without-renamed.ts';

const newestRead = 50;

/**
 * Whether the business has answered since the message in `ifLast`: by what is stored, or by a send of ours that
 * is so fresh that it is not stored yet. Asked by the holder of the thread's lease, so no other send comes between.
 */
export async function isAnswered(
  { ledger, queues }: Pick<OutboxParts, 'ledger' | 'queues'>,
  row: SendRow,
): Promise<boolean> {
  if (!('customerId' in row.addressee)) return false;
  const conversation = { accountId: row.accountId, customerId: row.addressee.customerId };
  const table = required('TABLE_NAME');
  const { last } = await queues.read(threadOf(row));
  const lastSend = last && (await ledger.find(last));
  const store = messageStore(dynamodb(), table);
  for (const { messageId } of lastSend?.sentParts ?? []) {
    if (messageId !== row.ifLast && !(await store.find(conversation, messageId))) return true;
  }
  const reader = conversationReader(dynamodb(), table);
  const newest = await reader.messages((await reader.find(conversation)) ?? conversation, newestRead);
  const items = withoutRenamed(newest.items);
  const place = items.findIndex(({ id }) => id === row.ifLast);
  const newer = place === -1 ? items : items.slice(0, place);
  return newer.some(({ state }) => state.direction === 'out');
}
