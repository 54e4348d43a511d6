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
 * What is sent, in a form that its echo has as well: the text, or the kinds of the attachments. URLs say nothing,
 * since Meta serves media under its own.
 */
export function contentOfPart({ message }: OutgoingPart): string {
  const { text } = message;
  return typeof text === 'string' ? ofText(text) : ofAttachments(attachmentsOf(message));
}

/** The same of a message that Meta told of; undefined when it was taken back, and nothing of it is left. */
export function contentOfMessage({ deletedAtMs, content, text }: MessageState): string | undefined {
  if (deletedAtMs !== undefined) return undefined;
  const attachments = content?.value.attachments ?? [];
  return attachments.length > 0 ? ofAttachments(attachments) : ofText(text?.value ?? '');
}

const ofText = (text: string) => `text:${text.normalize('NFC').trim()}`;
const ofAttachments = (attachments: readonly { readonly type: string }[]) =>
  `attachments:${attachments
    .map(({ type }) => echoNames[type] ?? type)
    .toSorted()
    .join()}`;
