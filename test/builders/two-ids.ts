import { contactStore } from '../../shared/conversations/contact-store.ts';
import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { toGraphEvent } from '../../shared/conversations/graph-finding.ts';
import { stateOf } from '../../shared/conversations/message-state.ts';
import { messageStore } from '../../shared/conversations/message-store.ts';
import { proveIdentity } from '../../shared/conversations/prove-identity.ts';
import { summaryOf } from '../../shared/conversations/summary.ts';
import { summaryStore } from '../../shared/conversations/summary-store.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import { type AddressedEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import type { TestTable } from './table.ts';
import { accountId, echoItem, messageItem } from './webhook.ts';

export const keyOf = (id: string): ConversationKey => ({
  accountId: accountId as AccountId,
  customerId: id as CustomerId,
});

/** A customer whose webhooks come with one id while Meta's conversations tell another. */
export function twoIds(table: Pick<TestTable, 'client' | 'name'>) {
  const reader = conversationReader(table.client, table.name);

  async function store(event: Parameters<typeof stateOf>[0]): Promise<void> {
    await messageStore(table.client, table.name).save(event, event.messageId, stateOf(event));
    await summaryStore(table.client, table.name).raise(
      event,
      summaryOf(event, event.time?.atMs ?? Number.POSITIVE_INFINITY),
    );
  }

  return {
    /** The customer's message as a webhook brings it, with whatever else the item holds. */
    wrote: (id: string, mid: string, timestamp: number, message: Record<string, unknown> = {}) =>
      store(
        delivered(
          messageItem({ mid, text: `text of ${mid}`, ...message }, { sender: { id }, timestamp }),
        ) as AddressedEvent,
      ),

    /** The customer's, while another app holds the conversation. */
    overheard: (id: string, mid: string, timestamp: number) =>
      store(
        delivered(
          messageItem({ mid, text: `text of ${mid}` }, { sender: { id }, timestamp }),
          true,
        ) as AddressedEvent,
      ),

    /** The business's, as an echo. */
    answered: (id: string, mid: string, timestamp: number, message: Record<string, unknown> = {}) =>
      store(
        delivered(
          echoItem({ mid, text: `text of ${mid}`, ...message }, { recipient: { id }, timestamp }),
        ) as AddressedEvent,
      ),

    /** The customer's message as a read of Meta's conversations brings it. */
    read: (id: string, mid: string, atMs: number) =>
      store(
        toGraphEvent({
          v: 1,
          source: 'graph',
          account_id: accountId,
          customer_id: id,
          read_at: atMs + 60_000,
          finding: 'message',
          node: graphNode(id, mid, atMs),
        }),
      ),

    named: (id: string, username: string, readAtMs = 1) =>
      contactStore(table.client, table.name).put(keyOf(id), { username, readAtMs }),

    prove: (id: string, mids: readonly string[], username = 'ada') =>
      proveIdentity(table.client, table.name, {
        account: accountId as AccountId,
        participantId: id as CustomerId,
        username,
        mids: mids as readonly MessageId[],
      }),

    midsOf: async (id: string) => {
      const conversation = await reader.find(keyOf(id));
      return (await reader.messages(conversation ?? keyOf(id), 50)).items.map((message) => message.id);
    },

    inbox: async () => (await reader.inbox(50)).items.map(({ customerId }) => customerId),
  };
}

/** A message as Meta's Conversations API tells it. */
export const graphNode = (id: string, mid: string, atMs: number) => ({
  id: mid,
  created_time: new Date(atMs).toISOString().replace(/\.\d+Z$/, '+0000'),
  from: { id },
  to: { data: [{ id: accountId }] },
  message: `text of ${mid}`,
});

const delivered = (item: unknown, standby = false) =>
  parseDeliveredItem({ field: 'messages', standby, item });
