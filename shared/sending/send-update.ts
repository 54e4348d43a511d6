import * as z from 'zod/mini';
import type { SendRow } from './send-row.ts';

/**
 * The body that a send without success puts on the events queue, version 1. Of one that was sent the body of its last
 * message tells (`queuedSend`).
 */
export const queuedSendUpdate = z.object({
  v: z.literal(1),
  source: z.literal('send_update'),
  account_id: z.string(),
  send_id: z.string(),
  state: z.enum(['failed', 'unknown']),
  /** When it came to that, in ms of our clock: tells apart two failures of a send that was tried again. */
  at: z.int(),
  /** As `error.code` of the API. */
  code: z.string(),
  /** Absent of a private reply: its customer is told by Meta's answer alone. */
  customer_id: z.optional(z.string()),
});
export type QueuedSendUpdate = z.infer<typeof queuedSendUpdate>;

/** The body to queue for a row that has come to such an end and has not told it; nothing for any other. */
export function toQueuedSendUpdate(row: SendRow): QueuedSendUpdate | undefined {
  const { accountId, addressee, outcome, sendId, state } = row;
  if (state.name !== 'failed' && state.name !== 'unknown') return undefined;
  if (!outcome || outcome.isTold) return undefined;
  return {
    v: 1,
    source: 'send_update',
    account_id: accountId,
    send_id: sendId,
    state: state.name,
    at: outcome.atMs,
    code: state.failure.code,
    ...('customerId' in addressee && { customer_id: addressee.customerId }),
  };
}
