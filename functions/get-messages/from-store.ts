import {
  type ConversationReader,
  conversationReader,
  type StoredConversation,
  type StoredMessage,
} from '../../shared/conversations/conversation-reader.ts';
import { replyWindow } from '../../shared/conversations/reply-window.ts';
import { readTimelineKey } from '../../shared/conversations/summary.ts';
import { addressOf } from '../../shared/conversations/views.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { optional, required } from '../../shared/runtime/environment.ts';
import type { GetMessagesQuery } from './request.ts';
import {
  type Conversations,
  type GraphConversationView,
  type GraphMessageView,
  metaTime,
  windowFields,
} from './seed-shape.ts';

const parallelReads = 10;

export async function fromStore(query: GetMessagesQuery): Promise<Conversations> {
  const reader = conversationReader(dynamodb(), required('TABLE_NAME'));
  const { items } = await reader.inbox(query.limit);
  const data: GraphConversationView[] = [];
  for (let start = 0; start < items.length; start += parallelReads) {
    const some = items.slice(start, start + parallelReads);
    data.push(...(await Promise.all(some.map((item) => readConversation(reader, item, query.messages)))));
  }
  return { data, warnings: [] };
}

async function readConversation(
  reader: ConversationReader,
  conversation: StoredConversation,
  limit: number,
): Promise<GraphConversationView> {
  const { items } = await reader.messages(conversation, limit);
  const { accountId, customerId, summary } = conversation;
  const window = replyWindow(summary, Date.now(), optional('HUMAN_AGENT') === 'on');
  return {
    ...addressOf(conversation),
    updated_time: metaTime(readTimelineKey(summary.activityKey).atMs),
    participants: { data: [{ id: customerId }, { id: accountId }] },
    messages: { data: items.map((message) => viewMessage(message, conversation)) },
    ...windowFields(window),
  };
}

function viewMessage(
  { id, state }: StoredMessage,
  { accountId, customerId }: StoredConversation,
): GraphMessageView {
  const [from, to] = state.direction === 'in' ? [customerId, accountId] : [accountId, customerId];
  return {
    id,
    ...(state.sentAt && { created_time: metaTime(state.sentAt.atMs) }),
    from: { id: from },
    to: { data: [{ id: to }] },
    message: state.text?.value ?? '',
  };
}
