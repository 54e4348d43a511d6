import type { MessageState } from '../conversations/message-state.ts';
import { messageStore } from '../conversations/message-store.ts';
import { customerId } from '../instagram/ids.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';
import type { SendRow } from './send-row.ts';

/** What is stored of each message that a send made, in order. */
export async function storedMessagesOf({
  accountId,
  addressee,
  sentParts,
}: SendRow): Promise<(MessageState | undefined)[]> {
  const store = messageStore(dynamodb(), required('TABLE_NAME'));
  return Promise.all(
    sentParts.map(async ({ messageId, recipientId }) => {
      const customer = 'customerId' in addressee ? addressee.customerId : customerId(recipientId);
      return customer && store.find({ accountId, customerId: customer }, messageId);
    }),
  );
}

/** Whether every message of a send is in its conversation with who sent it, or was taken back since. */
export async function isWhollyStored(row: SendRow): Promise<boolean> {
  // Of a single message the event that asks is the proof.
  if (row.sentParts.length <= 1) return true;
  const states = await storedMessagesOf(row);
  return states.every((state) => state?.sentBy !== undefined);
}
