import type { Conversation, Message } from '../../../../functions/inbox/page/api/shapes.ts';

/** A conversation as the API shows it; `minute` places its last activity. */
export function conversationOf(id: string, minute = 0, more: Partial<Conversation> = {}): Conversation {
  const at = new Date(Date.UTC(2026, 10, 25, 9, minute)).toISOString();
  return {
    id,
    recipient_id: id,
    account_id: '17841400000000001',
    participant: { id },
    last_activity_at: at,
    last_message: messageOf(`m-${id}-${minute}`, { sent_at: at }),
    unread: true,
    can_reply: true,
    reply_window: { state: 'open', reason: 'customer_wrote', expires_at: at },
    ...more,
  };
}

export function messageOf(id: string, more: Partial<Message> = {}): Message {
  return { id, direction: 'in', kind: 'text', text: id, sent_at: '2026-11-25T09:00:00.000Z', ...more };
}
