import type * as z from 'zod/mini';
import { isRecord } from '../../shared/runtime/json.ts';
import { byteLength, maxPartBytes, maxParts, maxTextBytes, splitText } from './split-text.ts';

/** The texts of one request, one for each message. */
export function textsOf(text: string | undefined, isSplit: boolean): readonly string[] {
  if (text === undefined) return [];
  return isSplit && byteLength(text) > maxTextBytes ? splitText(text, maxPartBytes) : [text];
}

/** How long a text may be: as much as one message holds or, with `split`, as much as twenty do. */
export function checkText(
  { message, split }: { readonly message?: unknown; readonly split?: unknown },
  { issues }: Pick<z.core.ParsePayload, 'issues'>,
): void {
  const text = isRecord(message) ? message.text : message;
  const textPath = isRecord(message) ? ['message', 'text'] : ['message'];
  const fault = (path: string[], said: string, limit?: number, size?: number) =>
    issues.push({
      code: 'custom',
      input: text,
      path,
      message: said,
      continue: true,
      ...(limit !== undefined && { params: { limit, size } }),
    });
  if (typeof text !== 'string') {
    if (split === true && isRecord(message)) fault(['split'], '{field} is for a text: give message.text.');
    return;
  }
  const bytes = byteLength(text);
  if (split === true) {
    const { length } = textsOf(text, true);
    if (length > maxParts) {
      const said = `{field} would be ${length} messages, and at most ${maxParts} are sent at once: shorten it.`;
      fault(textPath, said, maxParts, length);
    }
  } else if (bytes > maxTextBytes) {
    const said = `{field} has ${bytes} bytes of UTF-8, and Instagram takes at most ${maxTextBytes}: shorten it, or have it sent in parts by "split": true.`;
    fault(textPath, said, maxTextBytes, bytes);
  }
}
