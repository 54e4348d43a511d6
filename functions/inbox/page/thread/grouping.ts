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
  const days = messages.map(({ sent_at }) => (sent_at === undefined ? undefined : dayKey(sent_at, viewer)));
  const isTogether = (place: number) => {
    const [first, second] = [messages[place], messages[place + 1]];
    return first && second && days[place] === days[place + 1] && areTogether(first, second);
  };
  let day: string | undefined;
  messages.forEach((message, place) => {
    const ownDay = days[place];
    if (message.sent_at !== undefined && ownDay !== day) {
      day = ownDay;
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
      isFirst: !isTogether(place - 1),
      isLast: !isTogether(place),
    });
  });
  return entries;
}

function areTogether(first: Message, second: Message): boolean {
  if (eventKinds.has(first.kind) || eventKinds.has(second.kind)) return false;
  if (first.direction !== second.direction || first.sent_by?.name !== second.sent_by?.name) return false;
  if (!first.sent_at || !second.sent_at) return true;
  return Date.parse(second.sent_at) - Date.parse(first.sent_at) < gapMs;
}
