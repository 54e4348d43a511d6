import { api } from '../api/api.ts';
import { announce } from '../store/app.ts';
import { messageOf } from '../store/connection.ts';
import { changeThread, loadNewest } from './thread-loader.ts';
import { withReaction } from './thread-state.ts';

interface Reacted {
  readonly conversationId: string;
  readonly recipientId: string;
  readonly messageId: string;
  /** `undefined` takes the reaction back. */
  readonly emoji: string | undefined;
}

/** Shows the reaction at once; where Meta refuses it, what the gateway knows is shown again. */
export async function react({ conversationId, recipientId, messageId, emoji }: Reacted): Promise<void> {
  const at = new Date().toISOString();
  changeThread(conversationId, (open) => ({
    ...open,
    thread: withReaction(open.thread, messageId, emoji, at),
  }));
  try {
    await api.senderAction(
      recipientId,
      emoji === undefined
        ? { action: 'unreact', message_id: messageId }
        : { action: 'react', message_id: messageId, reaction: emoji },
    );
  } catch (error) {
    announce(messageOf(error));
    await loadNewest(conversationId, true).catch(() => undefined);
  }
}
