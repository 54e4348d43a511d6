import type { Message } from '../api/shapes.ts';
import { text } from '../text.ts';
import { oneLine } from '../thread/text-parts.ts';

/** A message in one line, for the list, quotes and notifications. */
export function previewOf(message: Message | undefined): string {
  if (!message) return text.preview.none;
  const words = contentOf(message);
  return message.direction === 'out' ? text.preview.ours(words) : words;
}

export function contentOf(message: Message): string {
  const said = message.text === undefined ? '' : oneLine(message.text);
  if (message.kind === 'deleted') return text.preview.unsent;
  if (message.kind === 'comment') return text.preview.comment(said);
  if (said !== '') return said;
  if (message.kind === 'attachment')
    return text.attachmentNames(message.attachments?.map(({ type }) => type) ?? []);
  return text.kindNames[message.kind] ?? text.kindNames.unknown ?? '';
}
