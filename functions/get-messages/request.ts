import * as z from 'zod/mini';
import { limitParameter } from '../../shared/runtime/http/paging.ts';

export const getMessagesQuery = z.object({
  /** Conversations, newest activity first. */
  limit: limitParameter('limit', 25, 100),
  /** Messages of each conversation, newest first. */
  messages: limitParameter('messages', 25, 100),
  source: z._default(
    z.enum(['store', 'graph'], { error: 'source must be "store" (the default) or "graph".' }),
    'store',
  ),
});

export type GetMessagesQuery = z.infer<typeof getMessagesQuery>;
