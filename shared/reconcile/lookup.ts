import * as z from 'zod/mini';

/** The body of a message on the reconcile queue, version 1: what to look up at Meta. */
export const lookup = z.discriminatedUnion('task', [
  /** List the conversations and fetch what changed. */
  z.object({ v: z.literal(1), task: z.literal('changed') }),
  /** One message that is known by its mid alone. */
  z.object({
    v: z.literal(1),
    task: z.literal('message'),
    account_id: z.string(),
    customer_id: z.string(),
    mid: z.string(),
  }),
  /** One conversation, whether it changed or not. */
  z.object({ v: z.literal(1), task: z.literal('thread'), account_id: z.string(), customer_id: z.string() }),
  /** Who a customer is. */
  z.object({ v: z.literal(1), task: z.literal('profile'), account_id: z.string(), customer_id: z.string() }),
]);
export type Lookup = z.infer<typeof lookup>;

/** A lookup, and how long it may wait: what it is about may come by itself. */
export interface DueLookup {
  readonly lookup: Lookup;
  readonly delaySeconds: number;
}
