import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { viewConversation } from '../../shared/conversations/views.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { optional, required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { fromCursor, toCursor } from '../../shared/runtime/http/paging.ts';
import { listConversationsQuery } from './request.ts';

export const handler = apiHandler('read', { query: listConversationsQuery }, async ({ query }) => {
  const reader = conversationReader(dynamodb(), required('TABLE_NAME'));
  const { items, next } = await reader.inbox(query.limit, fromCursor(query.cursor));
  const newest = await reader.newestMessages(items);
  const options = { nowMs: Date.now(), humanAgent: optional('HUMAN_AGENT') === 'on' };
  return success({
    data: items.map((conversation) => viewConversation(conversation, newest.get(conversation), options)),
    ...(next && { cursor: toCursor(next) }),
  });
});
