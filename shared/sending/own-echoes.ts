import type { StoredMessage } from '../conversations/conversation-reader.ts';
import type { MessageId } from '../instagram/ids.ts';
import { isRecord } from '../runtime/json.ts';

/**
 * The messages that may be ours. Where Meta's echoes name the app that sent a message, those of another app or of
 * nobody's are somebody else's; where they do not, no message can be told from what the owner typed. Whether
 * Instagram's echoes do is not documented, so it is learned from the echoes of our own messages.
 * @param named the messages that Meta named in its answers to us.
 */
export function ownEchoes(
  messages: readonly StoredMessage[],
  named: ReadonlySet<MessageId>,
): readonly StoredMessage[] {
  const apps = new Set(messages.filter(({ id }) => named.has(id)).flatMap((message) => appOf(message) ?? []));
  if (apps.size === 0) return messages;
  return messages.filter((message) => {
    if (!isEcho(message)) return true;
    const app = appOf(message);
    return app !== undefined && apps.has(app);
  });
}

/** Only an echo has room for the app; Graph's reading of a message has not. */
const isEcho = ({ state }: StoredMessage) => state.content?.rank === 'messaging';

function appOf({ state }: StoredMessage): string | undefined {
  const raw = state.content?.value.raw;
  const app = isRecord(raw) ? raw.app_id : undefined;
  return typeof app === 'string' || typeof app === 'number' ? String(app) : undefined;
}
