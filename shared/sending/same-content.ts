import type { MessageState } from '../conversations/message-state.ts';
import type { OutgoingPart } from './send-row.ts';
import { attachmentsOf } from './sent-event.ts';

/** Meta names some things otherwise in an echo than in a send. */
const echoNames: Readonly<Record<string, string>> = {
  MEDIA_SHARE: 'share',
  ig_post: 'share',
  like_heart: 'sticker',
  image: 'picture',
  sticker: 'sticker',
};

/**
 * Whether a message that Meta told of is what was sent: the same text, or the same kinds of attachments. URLs
 * say nothing, since Meta serves media under its own.
 */
export function isSameContent({ message }: OutgoingPart, state: MessageState): boolean {
  if (state.deletedAtMs !== undefined) return false;
  const { text } = message;
  const sent = attachmentsOf(message).map(({ type }) => type);
  const told = (state.content?.value.attachments ?? []).map(({ type }) => type);
  if (typeof text === 'string') return told.length === 0 && normal(text) === normal(state.text?.value ?? '');
  return sent.length === told.length && kindsOf(sent) === kindsOf(told);
}

const normal = (text: string) => text.normalize('NFC').trim();
const kindsOf = (types: readonly string[]) =>
  types
    .map((type) => echoNames[type] ?? type)
    .toSorted()
    .join();
