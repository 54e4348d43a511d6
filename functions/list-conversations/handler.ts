import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { viewConversation } from '../../shared/conversations/views.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { optional, required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { withEtag } from '../../shared/runtime/http/with-etag.ts';
import { choose } from './choose.ts';
import { listConversationsQuery } from './request.ts';

export const handler = apiHandler(
  'read',
  { query: listConversationsQuery },
  async ({ query }) => {
    const reader = conversationReader(dynamodb(), required('TABLE_NAME'));
    const options = { nowMs: Date.now(), humanAgent: optional('HUMAN_AGENT') === 'on' };
    const { items, ...cursors } = await choose(reader, query, options.nowMs);
    const previews = await reader.previews(items);
    return success({
      data: items.map((conversation) =>
        viewConversation(conversation, previews.get(conversation) ?? {}, options),
      ),
      ...cursors,
    });
  },
  withEtag(),
);
