import type { Contact } from '../../shared/conversations/contact-store.ts';
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
import { withoutRenamed } from '../../shared/sending/without-renamed.ts';
import type { GraphConversationView, GraphMessageView } from './answer-shape.ts';
import type { GetMessagesQuery } from './request.ts';
import { type Conversations, metaTime, windowFields } from './seed-shape.ts';

const parallelReads = 10;

export async function fromStore(query: GetMessagesQuery): Promise<Conversations> {
  const reader = conversationReader(dynamodb(), required('TABLE_NAME'));
  const { items } = await reader.inbox(query.limit);
  const previews = await reader.previews(items);
  const data: GraphConversationView[] = [];
  for (let start = 0; start < items.length; start += parallelReads) {
    const some = items.slice(start, start + parallelReads);
    data.push(
      ...(await Promise.all(
        some.map((item) => readConversation(reader, item, previews.get(item)?.contact, query.messages)),
      )),
    );
  }
  return { data, warnings: [] };
}

async function readConversation(
  reader: ConversationReader,
  conversation: StoredConversation,
  contact: Contact | undefined,
  limit: number,
): Promise<GraphConversationView> {
  const { items } = await reader.messages(conversation, limit);
  const { accountId, customerId, summary } = conversation;
  const customer = { id: customerId, ...(contact?.username !== undefined && { username: contact.username }) };
  const window = replyWindow(summary, Date.now(), optional('HUMAN_AGENT') === 'on');
  return {
    ...addressOf(conversation),
    updated_time: metaTime(readTimelineKey(summary.activityKey).atMs),
    participants: { data: [customer, { id: accountId }] },
    messages: { data: withoutRenamed(items).map((message) => viewMessage(message, customer, accountId)) },
    ...windowFields(window),
  };
}

function viewMessage(
  { id, state }: StoredMessage,
  customer: GraphMessageView['from'],
  accountId: string,
): GraphMessageView {
  const business = { id: accountId };
  const [from, to] = state.direction === 'out' ? [business, customer] : [customer, business];
  return {
    id,
    ...(state.sentAt && { created_time: metaTime(state.sentAt.atMs) }),
    from,
    to: { data: [to] },
    message: state.text?.value ?? '',
  };
}
