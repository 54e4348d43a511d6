/** As one types: without case, and with one form of width and accents. */
const folded = (text: string) => text.normalize('NFKC').toLowerCase();

/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const letter = /[\p{L}\p{N}\p{M}]/u;

/** Whether the text has the word, as a word of its own where the script tells words apart: no "art" in "start". */
export function hasWord(text: string, word: string): boolean {
  const [within, wanted] = [folded(text), folded(word)];
  if (unspaced.test(wanted)) return within.includes(wanted);
  const points = Array.from(wanted);
  for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, at + 1)) {
    const before = Array.from(within.slice(0, at)).at(-1) ?? '';
    const after = Array.from(within.slice(at + wanted.length))[0] ?? '';
    if (!isInside(before, points[0]) && !isInside(after, points.at(-1))) return true;
  }
  return false;
}

/** Whether the word goes on there: an emoji ends at any place, a letter does not. */
const isInside = (neighbour: string, edge = '') => letter.test(edge) && letter.test(neighbour);
