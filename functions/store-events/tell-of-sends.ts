import { forgottenStore } from '../../shared/conversations/forgotten-store.ts';
import { toSendUpdated } from '../../shared/conversations/published-event.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { publishEach } from './publish.ts';
import type { FailedRecord, SendUpdateRecord } from './read-records.ts';

/**
 * Publishes what became of sends that were not sent, but for those to customers who were forgotten since.
 * @returns the records for which that could not be done.
 */
export async function tellOfSends(records: readonly SendUpdateRecord[]): Promise<readonly FailedRecord[]> {
  if (records.length === 0) return [];
  try {
    const upTo = await forgottenStore(dynamodb(), required('TABLE_NAME')).upTo(
      records.flatMap(conversationOf),
    );
    const events = records.flatMap((record) => {
      const { v: _, source: __, ...ended } = record.update;
      const forgottenAtMs = upTo.get(ended.customer_id as CustomerId) ?? 0;
      return ended.at > forgottenAtMs ? [{ record, event: toSendUpdated(ended) }] : [];
    });
    const unpublished = await publishEach(events);
    log.info('sends told of', { sends: records.length, failed: unpublished.length });
    return unpublished.map(failed);
  } catch (error) {
    log.error('sends could not be told of', { ...errorFacts(error), sends: records.length });
    return records.map(failed);
  }
}

const failed = ({ record }: SendUpdateRecord): FailedRecord => ({ record, isPermanent: false });

function conversationOf({ update }: SendUpdateRecord): ConversationKey[] {
  const { account_id, customer_id } = update;
  if (customer_id === undefined) return [];
  return [{ accountId: account_id as AccountId, customerId: customer_id as CustomerId }];
}
