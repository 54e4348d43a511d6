import * as z from 'zod/mini';
import type { OwnReactionEvent } from '../conversations/conversation-event.ts';
import { accountId, customerId, messageId } from '../instagram/ids.ts';

/**
 * The body that a reaction of our own puts on the events queue, version 1. Meta tells the business of its own
 * reactions by no webhook.
 */
export const queuedReaction = z.object({
  v: z.literal(1),
  source: z.literal('reaction'),
  account_id: z.string(),
  /** Under whose id the message is stored. */
  customer_id: z.string(),
  message_id: z.string(),
  /**
   * Meta's time of its answer, in ms, to the second. Of two within a second the removal wins, until the
   * conversation is compared with Meta.
   */
  reacted_at: z.int(),
  /** `null`: taken back. */
  reaction: z.nullable(z.object({ name: z.optional(z.string()), emoji: z.string() })),
});
export type QueuedReaction = z.infer<typeof queuedReaction>;

/** @throws RangeError when it names no conversation or message that can be stored. */
export function toOwnReactionEvent(queued: QueuedReaction): OwnReactionEvent {
  const address = {
    accountId: accountId(queued.account_id),
    customerId: customerId(queued.customer_id),
    messageId: messageId(queued.message_id),
  };
  if (!address.accountId || !address.customerId || !address.messageId) {
    throw new RangeError('A reaction names no conversation or no message');
  }
  const { reaction, reacted_at: atMs } = queued;
  return {
    type: 'own_reaction',
    accountId: address.accountId,
    customerId: address.customerId,
    messageId: address.messageId,
    time: { atMs, rank: 'send_date' },
    state: {
      via: [],
      businessReaction: {
        value: reaction && {
          ...(reaction.name !== undefined && { name: reaction.name }),
          emoji: reaction.emoji,
        },
        atMs,
      },
    },
  };
}
