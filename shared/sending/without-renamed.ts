import type { StoredMessage } from '../conversations/conversation-reader.ts';
import { channelsOf } from './channels.ts';
import { matchAll } from './match-messages.ts';
import { contentOfMessage } from './same-content.ts';

/** Meta's clock and ours need not agree, and the time of an answer is told in whole seconds. */
const slackMs = 6_000;

/**
 * Leaves out the echoes of our own sends that came under another id than the one that Meta's answer named: each is a
 * message that is there already. By content and time, and only where every send that an echo may be of gets one, as
 * for sends without an outcome. What the owner typed comes by the same way as our own echo, so once that has come
 * under its own id, nothing is left out for it.
 */
export function withoutRenamed<M extends StoredMessage>(messages: readonly M[]): readonly M[] {
  const told = messages.flatMap((message) => {
    const content = contentOfMessage(message.state);
    const atMs = message.state.sentAt?.atMs;
    if (message.state.direction !== 'out' || content === undefined || atMs === undefined) return [];
    return [{ message, content, atMs, toldBy: channelsOf(message.state) }];
  });
  const isOurs = ({ message }: (typeof told)[number]) => message.state.via.includes('send');
  const sends = told
    .filter((each) => isOurs(each) && !each.toldBy.includes('webhook'))
    .map((each) => ({ ...each, fromMs: each.atMs - slackMs, toMs: each.atMs + slackMs }));
  if (sends.length === 0) return messages;
  const echoes = told.filter((each) => !isOurs(each) && each.toldBy.includes('webhook'));
  const renamed = new Set(matchAll(sends, echoes).map(([, { message }]) => message));
  return messages.filter((message) => !renamed.has(message));
}
