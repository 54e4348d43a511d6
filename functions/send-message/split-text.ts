interface Piece {
  readonly text: string;
  readonly bytes: number;
  readonly isSpace: boolean;
  readonly beginsWord: boolean;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * Cuts a text into parts of at most `maxBytes` bytes of UTF-8: at a space, else between words, else between
 * graphemes. Spaces at a cut are left out, all else is kept. A single grapheme that is longer than a part is cut
 * between its characters.
 */
export function splitText(text: string, maxBytes: number): string[] {
  const pieces = piecesOf(text, maxBytes);
  const parts: string[] = [];
  for (let first = 0; first < pieces.length; ) {
    const end = endOf(pieces, first, maxBytes);
    const cut = end === pieces.length ? end : cutBefore(pieces, first, end);
    parts.push(partOf(pieces, first, cut));
    first = cut;
    while (pieces[first]?.isSpace) first += 1;
  }
  return parts.filter((part) => part !== '');
}

function piecesOf(text: string, maxBytes: number): Piece[] {
  const wordStarts = new Set([...words.segment(text)].map(({ index }) => index));
  return [...graphemes.segment(text)].flatMap(({ segment, index }): Piece[] => {
    const bytes = Buffer.byteLength(segment);
    const isSpace = segment.trim() === '';
    const beginsWord = wordStarts.has(index);
    if (bytes <= maxBytes) return [{ text: segment, bytes, isSpace, beginsWord }];
    return Array.from(segment, (character) => ({
      text: character,
      bytes: Buffer.byteLength(character),
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

/** The best place for a cut among those that fit. A space far from the end would make a part too short. */
function cutBefore(pieces: readonly Piece[], first: number, end: number): number {
  const middle = first + Math.ceil((end - first) / 2);
  for (let cut = end; cut > middle; cut -= 1) {
    if (pieces[cut]?.isSpace || pieces[cut - 1]?.isSpace) return cut;
  }
  for (let cut = end; cut > first; cut -= 1) {
    if (pieces[cut]?.beginsWord) return cut;
  }
  return end;
}

function partOf(pieces: readonly Piece[], first: number, cut: number): string {
  let end = cut;
  while (end > first && pieces[end - 1]?.isSpace) end -= 1;
  return pieces
    .slice(first, end)
    .map(({ text }) => text)
    .join('');
}
