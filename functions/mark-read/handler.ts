import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { merge } from '../../shared/conversations/merge.ts';
import { messageStore } from '../../shared/conversations/message-store.ts';
import { mergeSummaries } from '../../shared/conversations/summary.ts';
import { type SummaryStore, summaryStore } from '../../shared/conversations/summary-store.ts';
import { parseConversationId } from '../../shared/conversations/table-keys.ts';
import { isUnread, unknownConversation } from '../../shared/conversations/views.ts';
import type { MessageId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { conversationPath } from '../list-messages/request.ts';
import { markReadRequest } from './request.ts';

/** One a process: it knows which accounts are listed, which it need not write again. */
let summaries: SummaryStore | undefined;

/** Moves the team's read mark to a message. It only moves forward, whoever comes first. */
export const handler = apiHandler(
  'send',
  { path: conversationPath, body: markReadRequest },
  async ({ path, body }) => {
    const table = required('TABLE_NAME');
    const key = parseConversationId(path.id);
    const conversation = key && (await conversationReader(dynamodb(), table).find(key));
    if (!conversation) throw unknownConversation();
    const messages = messageStore(dynamodb(), table);
    const states = await Promise.all(
      [conversation.customerId, ...conversation.aliases].map((id) =>
        messages.find({ ...conversation, customerId: id }, body.up_to as MessageId),
      ),
    );
    const known = states.flatMap((state) => state ?? []);
    const sentAt = known.length > 0 ? known.reduce(merge).sentAt : undefined;
    if (!sentAt) {
      throw new HttpError(404, 'unknown_message', 'up_to is no message of this conversation.');
    }
    const mark = { readByUsAtMs: sentAt.atMs };
    summaries ??= summaryStore(dynamodb(), table);
    await summaries.raise(conversation, mark);
    return success({ data: { unread: isUnread(mergeSummaries(conversation.summary, mark)) } });
  },
);
