import type { MessageState } from '../../shared/conversations/message-state.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import type { SendId } from '../../shared/sending/send-row.ts';
import type { ReadableRecord } from './read-records.ts';

/**
 * Takes the content of unsent messages of the business out of the sends that made them too. Whichever comes last of
 * the unsend and the send's own record does it, so the order does not matter.
 * @returns the records for which that could not be done.
 */
export async function eraseUnsent(
  states: ReadonlyMap<ReadableRecord, MessageState>,
): Promise<readonly ReadableRecord[]> {
  const ledger = sendLedger(dynamodb(), required('TABLE_NAME'));
  const failed: ReadableRecord[] = [];
  await Promise.all(
    [...states].map(async ([record, { deletedAtMs, direction, sentBy }]) => {
      const { event } = record;
      if (event.type === 'other' || deletedAtMs === undefined || direction !== 'out') return;
      try {
        const { accountId, messageId } = event;
        const sendId = sentBy?.sendId ?? (await ledger.claimant(accountId, messageId));
        if (sendId !== undefined) await ledger.eraseContent(sendId as SendId, messageId);
      } catch (error) {
        log.error('an unsent message could not be taken out of its send', errorFacts(error));
        failed.push(record);
      }
    }),
  );
  return failed;
}
