import * as z from 'zod/mini';
import { limitParameter, pageParameters } from '../../shared/runtime/http/paging.ts';

export const conversationPath = z.object({ id: z.string() });

export const listMessagesQuery = z.object({
  limit: limitParameter('limit', 25, 100),
  ...pageParameters,
});
