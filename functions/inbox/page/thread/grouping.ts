import type { Message } from '../api/shapes.ts';
import { dayKey, type Viewer } from '../time/format.ts';

/** What stands in a thread, from top to bottom. */
export type ThreadEntry =
  | { readonly type: 'day'; readonly key: string; readonly at: string }
  | { readonly type: 'event'; readonly key: string; readonly message: Message }
  | {
      readonly type: 'message';
      readonly key: string;
      readonly message: Message;
      /** Bubbles of one side close together are one group: the first and the last have round corners. */
      readonly isFirst: boolean;
      readonly isLast: boolean;
    };

const gapMs = 5 * 60_000;

/** What happened to the conversation rather than being said in it. */
const eventKinds = new Set(['referral', 'optin', 'handover', 'history_start', 'unknown_event']);

export function entriesOf(messages: readonly Message[], viewer: Viewer = {}): readonly ThreadEntry[] {
  const entries: ThreadEntry[] = [];
  let day: string | undefined;
  messages.forEach((message, place) => {
    const before = messages[place - 1];
    const after = messages[place + 1];
    const ownDay = message.sent_at && dayKey(message.sent_at, viewer);
    if (message.sent_at && ownDay !== day) {
      day = ownDay || day;
      entries.push({ type: 'day', key: `day ${ownDay}`, at: message.sent_at });
    }
    if (eventKinds.has(message.kind)) {
      entries.push({ type: 'event', key: message.id, message });
      return;
    }
    entries.push({
      type: 'message',
      key: message.id,
      message,
      isFirst: !before || !isTogether(before, message, viewer),
      isLast: !after || !isTogether(message, after, viewer),
    });
  });
  return entries;
}

function isTogether(first: Message, second: Message, viewer: Viewer): boolean {
  if (eventKinds.has(first.kind) || eventKinds.has(second.kind)) return false;
  if (first.direction !== second.direction || first.sent_by?.name !== second.sent_by?.name) return false;
  if (!first.sent_at || !second.sent_at) return true;
  const isNear = Date.parse(second.sent_at) - Date.parse(first.sent_at) < gapMs;
  return isNear && dayKey(first.sent_at, viewer) === dayKey(second.sent_at, viewer);
}
