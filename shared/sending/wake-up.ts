import * as z from 'zod/mini';
import type { AccountId } from '../instagram/ids.ts';
import type { ThreadId } from './send-row.ts';

/** The body of a message on the sends queue, version 1: it only says where to look. */
export const wakeUp = z.object({
  v: z.literal(1),
  account_id: z.string(),
  thread: z.string(),
});

export function toWakeUp(account: AccountId, thread: ThreadId): z.infer<typeof wakeUp> {
  return { v: 1, account_id: account, thread };
}
