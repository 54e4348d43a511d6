import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { parseConversationId } from '../../shared/conversations/table-keys.ts';
import { viewMessage } from '../../shared/conversations/views.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { fromCursor, toCursor } from '../../shared/runtime/http/paging.ts';
import { listMessagesPath, listMessagesQuery } from './request.ts';

export const handler = apiHandler(
  'read',
  { path: listMessagesPath, query: listMessagesQuery },
  async ({ path, query }) => {
    const conversation = parseConversationId(path.id);
    const reader = conversationReader(dynamodb(), required('TABLE_NAME'));
    const page = conversation && (await reader.messages(conversation, query.limit, fromCursor(query.cursor)));
    if (!page || (page.items.length === 0 && query.cursor === undefined)) {
      throw new HttpError(
        404,
        'unknown_conversation',
        'There is no conversation of this id: take the "id" that GET /api/conversations shows.',
      );
    }
    return success({
      data: page.items.map(viewMessage),
      ...(page.next && { cursor: toCursor(page.next) }),
    });
  },
);
