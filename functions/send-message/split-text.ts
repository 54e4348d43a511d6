interface Piece {
  readonly text: string;
  readonly bytes: number;
  readonly isSpace: boolean;
  readonly beginsWord: boolean;
}

/** UTF-8 bytes. https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api */
export const maxTextBytes = 1000;
/** One of Meta's pages says fewer than 1000 characters instead: a part keeps to either. MP §3.2 */
export const maxPartBytes = maxTextBytes - 1;
/** More is no message any more, and a thread takes about 20 a second. */
export const maxParts = 20;

const utf8 = new TextEncoder();

/** As the inbox page counts too, which has no Buffer. */
export const byteLength = (text: string): number => utf8.encode(text).length;

/**
 * Cuts a text into parts of at most `maxBytes` bytes of UTF-8: at a space, so that a word or a link stays whole; one
 * that is longer than a part, between words, else between graphemes. Spaces at a cut are left out, all else is kept. A single grapheme that is longer than a part is cut
 * between its characters.
 */
export function splitText(text: string, maxBytes: number): string[] {
  const pieces = piecesOf(text, maxBytes);
  const parts: string[] = [];
  for (let first = 0; first < pieces.length; ) {
    const end = endOf(pieces, first, maxBytes);
    const cut = end === pieces.length ? end : cutBefore(pieces, first, end, maxBytes);
    parts.push(partOf(pieces, first, cut));
    first = cut;
    while (pieces[first]?.isSpace) first += 1;
  }
  return parts.filter((part) => part !== '');
}

function piecesOf(text: string, maxBytes: number): Piece[] {
  // Made where they are used: the first one of a process takes 7 ms, which few requests need.
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const words = new Intl.Segmenter(undefined, { granularity: 'word' });
  const wordStarts = new Set([...words.segment(text)].map(({ index }) => index));
  return [...graphemes.segment(text)].flatMap(({ segment, index }): Piece[] => {
    const bytes = byteLength(segment);
    const isSpace = segment.trim() === '';
    const beginsWord = wordStarts.has(index);
    if (bytes <= maxBytes) return [{ text: segment, bytes, isSpace, beginsWord }];
    return Array.from(segment, (character) => ({
      text: character,
      bytes: byteLength(character),
      isSpace,
      beginsWord: false,
    }));
  });
}

/** Behind the last piece that still fits. */
function endOf(pieces: readonly Piece[], first: number, maxBytes: number): number {
  let bytes = 0;
  let end = first;
  for (let piece = pieces[end]; piece && bytes + piece.bytes <= maxBytes; piece = pieces[end]) {
    bytes += piece.bytes;
    end += 1;
  }
  return end;
}

/** The best place for a cut among those that fit. */
function cutBefore(pieces: readonly Piece[], first: number, end: number, maxBytes: number): number {
  const middle = first + Math.ceil((end - first) / 2);
  for (let cut = end; cut > first; cut -= 1) {
    if (!pieces[cut]?.isSpace && !pieces[cut - 1]?.isSpace) continue;
    // A space far from the end makes a short part, which is right only when it leaves a long word, such as a link, whole.
    if (cut > middle || isWhole(pieces, cut, maxBytes)) return cut;
    break;
  }
  for (let cut = end; cut > middle; cut -= 1) {
    if (pieces[cut]?.beginsWord) return cut;
  }
  return end;
}

/** Whether what stands before the next space fits into one part. */
function isWhole(pieces: readonly Piece[], from: number, maxBytes: number): boolean {
  let bytes = 0;
  for (let at = from; at < pieces.length && bytes <= maxBytes; at += 1) {
    const piece = pieces[at];
    if (piece?.isSpace && bytes > 0) break;
    if (piece && !piece.isSpace) bytes += piece.bytes;
  }
  return bytes <= maxBytes;
}

function partOf(pieces: readonly Piece[], first: number, cut: number): string {
  let end = cut;
  while (end > first && pieces[end - 1]?.isSpace) end -= 1;
  return pieces
    .slice(first, end)
    .map(({ text }) => text)
    .join('');
}
