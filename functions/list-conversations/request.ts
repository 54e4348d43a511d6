import * as z from 'zod/mini';
import { limitParameter, pageParameters } from '../../shared/runtime/http/paging.ts';

export const listConversationsQuery = z.object({
  limit: limitParameter('limit', 25, 100),
  ...pageParameters,
  q: z.optional(
    z.string().check(
      z.maxLength(100, { error: 'q must have at most 100 characters.' }),
      z.refine((text) => text.trim() !== '', { error: 'q is blank: give the beginning of a name or id.' }),
    ),
  ),
  filter: z.optional(z.enum(['unread', 'closing_soon'], { error: 'filter must be unread or closing_soon.' })),
});

export type ListConversationsQuery = z.infer<typeof listConversationsQuery>;
