import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { parseConversationId } from '../../shared/conversations/table-keys.ts';
import { unknownConversation, viewMessages } from '../../shared/conversations/views.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { cursorsOf, placeOf } from '../../shared/runtime/http/paging.ts';
import { withEtag } from '../../shared/runtime/http/with-etag.ts';
import { withoutRenamed } from '../../shared/sending/without-renamed.ts';
import { conversationPath, listMessagesQuery } from './request.ts';

export const handler = apiHandler(
  'read',
  { path: conversationPath, query: listMessagesQuery },
  async ({ path, query: { limit, cursor, newer_than } }) => {
    const key = parseConversationId(path.id);
    if (!key) throw unknownConversation();
    const place = placeOf({ ...(cursor && { cursor }), ...(newer_than && { newer_than }) });
    const reader = conversationReader(dynamodb(), required('TABLE_NAME'));
    const conversation = await reader.find(key);
    const page = await reader.messages(conversation ?? key, limit, place);
    if (!conversation && page.items.length === 0) throw unknownConversation();
    return success({
      data: viewMessages(withoutRenamed(page.items), conversation?.summary),
      ...cursorsOf(page, place, (message) => message.timelineKey),
    });
  },
  withEtag(),
);
