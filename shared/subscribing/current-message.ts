import { messageStore } from '../conversations/message-store.ts';
import type { PublishedEvent } from '../conversations/published-event.ts';
import type { MessageView } from '../conversations/view-shapes.ts';
import { viewMessage } from '../conversations/views.ts';
import type { AccountId, CustomerId, MessageId } from '../instagram/ids.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { required } from '../runtime/environment.ts';

/**
 * The message of an event as it is now, in the shape of the API; nothing once it was unsent or has expired, and for a
 * `send.updated` that names none. The function needs `store.grant(…, 'GetItem')`.
 */
export async function currentMessage(event: PublishedEvent): Promise<MessageView | undefined> {
  if (event.message_id === undefined || event.customer_id === undefined) return undefined;
  const id = event.message_id as MessageId;
  const key = { accountId: event.account_id as AccountId, customerId: event.customer_id as CustomerId };
  const state = await messageStore(dynamodb(), required('TABLE_NAME')).find(key, id);
  if (!state || state.deletedAtMs !== undefined) return undefined;
  return viewMessage({ id, state, timelineKey: '' });
}
