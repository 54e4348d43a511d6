import * as z from 'zod/mini';
import { cursorParameter, limitParameter } from '../../shared/runtime/http/paging.ts';

export const listConversationsQuery = z.object({
  limit: limitParameter('limit', 25, 100),
  cursor: cursorParameter,
});
