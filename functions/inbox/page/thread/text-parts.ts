/** A text cut into what is shown as it is, what is a link, and what would not be seen. */
export type TextPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }
  | { readonly type: 'hidden'; readonly name: string };

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Characters that turn the order of what follows or take no room: with them a text shows other than it is. The
 * joiners (200C, 200D) belong to emoji and to some scripts, so they stay between letters and between emoji, as the
 * tags of a flag do; the number signs of Arabic are seen.
 */
const hidden = new RegExp(
  [
    '(?<!\\p{L}|\\p{M}|\\p{Extended_Pictographic}|\\uFE0F|\\p{Emoji_Modifier})[\\u200C\\u200D]',
    '[\\u200C\\u200D](?!\\p{L}|\\p{M}|\\p{Extended_Pictographic})',
    '(?<!\\u{1F3F4}[\\u{E0020}-\\u{E007F}]*)[\\u{E0020}-\\u{E007F}]',
    '(?![\\n\\t\\r\\u200C\\u200D\\u0600-\\u0605\\u06DD\\u070F\\u08E2\\u{E0020}-\\u{E007F}])[\\p{Cc}\\p{Cf}]',
  ].join('|'),
  'gu',
);
const address = /\bhttps?:\/\/[^\s<>"'`\u00A0]+/giu;

export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    // A link ends before a character that would not be seen: its address would not be what is read.
    const seen = (found.split(hidden)[0] ?? '').replace(/[.,;:!?…)\]}]+$/u, balanced);
    const href = httpUrl(seen);
    if (href === undefined) continue;
    parts.push(...plainParts(text.slice(end, index)), { type: 'link', text: seen, href });
    end = index + seen.length;
  }
  return [...parts, ...plainParts(text.slice(end))];
}

/** The address when it is one of the web: nothing else is followed from a message. */
export function httpUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

/** The punctuation behind a link belongs to the sentence, a closing bracket only where none was opened. */
function balanced(end: string, offset: number, whole: string): string {
  return end.startsWith(')') && whole.slice(0, offset).includes('(') ? ')' : '';
}

function plainParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(hidden)) {
    if (index > end) parts.push({ type: 'text', text: text.slice(end, index) });
    parts.push({
      type: 'hidden',
      name: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
    });
    end = index + character.length;
  }
  if (end < text.length) parts.push({ type: 'text', text: text.slice(end) });
  return parts;
}

/** One line of a text, for previews, notifications and titles: nothing hidden, no line breaks. */
export function oneLine(text: string, longest = 140): string {
  const plain = text.replace(hidden, '').replace(/\s+/gu, ' ').trim();
  if (plain.length <= longest) return plain;
  const characters = Array.from(graphemes.segment(plain), ({ segment }) => segment);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join('')}…`;
}

/** Up to three emoji and nothing else are shown large. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 40) return false;
  const marks = [...graphemes.segment(text.trim())].map(({ segment }) => segment);
  return (
    marks.length > 0 &&
    marks.length <= 3 &&
    marks.every(
      (mark) => /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/u.test(mark) && !/^\d/.test(mark),
    )
  );
}
