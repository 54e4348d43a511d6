import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { itemsOf, load } from '../builders/stored-in-bulk.ts';
import { accountId, messageItem } from '../builders/webhook.ts';
import type { BenchGateway } from './bench-gateway.ts';

const messagesEach = 5;

export const fewCustomers: readonly ConversationKey[] = Array.from({ length: 5 }, (_, n) => ({
  accountId: accountId as AccountId,
  customerId: `${8_000_000_000 + n}` as CustomerId,
}));

/** Stores five conversations of five messages of the last half minute. */
export async function storeFewConversations({ table, tableName }: BenchGateway): Promise<void> {
  for (const [n, customer] of fewCustomers.entries()) {
    const items = await itemsOf({
      customer,
      deliveries: Array.from({ length: messagesEach }, (_, m) =>
        messageItem(
          { mid: `m_stored_${n}_${m}`.padEnd(164, 'x'), text: `Do you ship to Malmö? ${m}` },
          {
            sender: { id: customer.customerId },
            timestamp: Date.now() - (n * messagesEach + m + 1) * 1000,
          },
        ),
      ),
      person: { username: `customer_${n}`, name: `Customer ${n}` },
    });
    await load(
      table,
      tableName,
      items.filter(({ pk }) => pk !== 'accounts' || n === 0),
    );
  }
}
