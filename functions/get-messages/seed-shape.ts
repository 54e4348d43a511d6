import type { ReplyWindow } from '../../shared/conversations/reply-window.ts';
import { viewReplyWindow } from '../../shared/conversations/views.ts';
import type { GraphConversationView } from './answer-shape.ts';

/** What both sources give: conversations, and in plain words what is missing from them. */
export interface Conversations {
  readonly data: readonly GraphConversationView[];
  readonly warnings: readonly string[];
}

export const metaTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}+0000`;

/** The window's part of a conversation; `undefined` when the time of the customer's last message is not known. */
export function windowFields(
  window: ReplyWindow | undefined,
): Pick<GraphConversationView, 'can_reply' | 'reply_window'> {
  return window
    ? viewReplyWindow(window)
    : { can_reply: false, reply_window: { state: 'unknown', reason: 'no_customer_message_read' } };
}
