import type { MessageState } from '../../shared/conversations/message-state.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import { enqueueLookups } from '../../shared/reconcile/enqueue-lookups.ts';
import type { DueLookup } from '../../shared/reconcile/lookup.ts';
import type { ReadableRecord } from './read-records.ts';

/** An edit without a text stands for a message that Meta does not deliver. MP §2.5 */
const substituteDelaySeconds = 5;
/** A message may come after what is about it. */
const unknownDelaySeconds = 60;

/**
 * Asks for what the events did not bring: messages that are known by their mid alone, and who a new customer is.
 * A failure fails no record; the next reconciliation finds them.
 */
export async function askForLookups(
  states: ReadonlyMap<ReadableRecord, MessageState>,
  newConversations: readonly ConversationKey[],
): Promise<void> {
  const messages = new Map<string, DueLookup>();
  for (const [{ event }, state] of states) {
    if (event.type === 'other' || state.content || state.deletedAtMs !== undefined) continue;
    const isSubstitute = event.type === 'edit' && (event.editNumber === 0 || event.text === undefined);
    messages.set(event.messageId, {
      lookup: {
        v: 1,
        task: 'message',
        account_id: event.accountId,
        customer_id: event.customerId,
        mid: event.messageId,
      },
      delaySeconds: isSubstitute ? substituteDelaySeconds : unknownDelaySeconds,
    });
  }
  const profiles = newConversations.map(
    ({ accountId, customerId }): DueLookup => ({
      lookup: { v: 1, task: 'profile', account_id: accountId, customer_id: customerId },
      delaySeconds: 0,
    }),
  );
  await enqueueLookups([...messages.values(), ...profiles]);
}
