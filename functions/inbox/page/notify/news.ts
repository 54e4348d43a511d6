import type { Conversation } from '../api/shapes.ts';

type Rows = Readonly<Record<string, Conversation>>;

/**
 * Conversations in which a customer wrote since the last look: not our own echoes, and not what was there when the
 * page was opened. One that was not loaded before is news only when its message is newer than all that was seen.
 */
export function newsIn(before: Rows, after: Rows): readonly Conversation[] {
  const known = Object.values(before);
  if (known.length === 0) return [];
  const seenUpTo = known.reduce(
    (newest, { last_activity_at }) => (last_activity_at > newest ? last_activity_at : newest),
    '',
  );
  return Object.values(after).filter(({ id, last_message: message, unread }) => {
    if (message?.direction !== 'in' || !unread) return false;
    const earlier = before[id];
    if (earlier)
      return (
        earlier.last_message?.id !== message.id &&
        (earlier.last_message?.sent_at ?? '') <= (message.sent_at ?? '')
      );
    return (message.sent_at ?? '') > seenUpTo;
  });
}

/** None for the thread that the viewer looks at. */
export function isLookedAt(conversationId: string, openId: string | undefined, hasFocus: boolean): boolean {
  return hasFocus && conversationId === openId;
}

export function titleOf(unreadCount: number, hasMore: boolean, name: string): string {
  if (unreadCount === 0) return name;
  return `(${unreadCount}${hasMore ? '+' : ''}) ${name}`;
}
