import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { messageStore } from '../../shared/conversations/message-store.ts';
import { summaryStore } from '../../shared/conversations/summary-store.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import type { CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { queueJson } from '../../shared/runtime/json.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import type { QueuedReaction } from '../../shared/sending/own-reaction.ts';
import type { SenderActionRequest } from './request.ts';
import { isHeart } from './wire-action.ts';

export type Reacting = Extract<SenderActionRequest, { readonly action: 'react' | 'unreact' }>;

export const isReacting = (request: SenderActionRequest): request is Reacting =>
  request.action === 'react' || request.action === 'unreact';

/**
 * Puts a reaction that Meta took into the conversation, as an event like every other. A failure is nobody's: the
 * reaction stands at Meta, where the next comparison finds it.
 */
export async function keepReaction(
  request: Reacting,
  customer: ConversationKey,
  reactedAtMs: number,
): Promise<void> {
  const mid = request.message_id as MessageId;
  try {
    const queued: QueuedReaction = {
      v: 1,
      source: 'reaction',
      account_id: customer.accountId,
      customer_id: await placeOf(customer, mid),
      message_id: mid,
      reacted_at: reactedAtMs,
      reaction: request.action === 'unreact' ? null : reactionOf(request.reaction),
    };
    await sqs().send(
      new SendMessageCommand({
        QueueUrl: required('EVENTS_QUEUE_URL'),
        MessageBody: queueJson(queued),
      }),
    );
  } catch (error) {
    log.warn('a reaction could not be recorded', errorFacts(error));
  }
}

const reactionOf = (reaction: string) =>
  isHeart(reaction) ? { name: 'love', emoji: '❤️' } : { emoji: reaction };

/** Of the ids of one person, the one under which the message is stored. */
async function placeOf(customer: ConversationKey, mid: MessageId): Promise<CustomerId> {
  const table = required('TABLE_NAME');
  const messages = messageStore(dynamodb(), table);
  const { aliases } = await summaryStore(dynamodb(), table).findWithAliases(customer);
  for (const customerId of [customer.customerId, ...aliases]) {
    if (await messages.find({ ...customer, customerId }, mid)) return customerId;
  }
  return customer.customerId;
}
