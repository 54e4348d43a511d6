import {
  byteLength,
  maxPartBytes,
  maxParts,
  maxTextBytes,
  splitText,
} from '../../../send-message/split-text.ts';

export interface Length {
  readonly bytes: number;
  readonly limit: number;
  /** As which messages it goes out: one, or several when it is too long for one. */
  readonly parts: readonly string[];
  readonly isTooLong: boolean;
}

/** A keystroke must not wait for a text that nobody could send anyway. */
const longestCounted = maxTextBytes * (maxParts + 5);

/** Counts and cuts as the gateway does: the same code. */
export function lengthOf(text: string): Length {
  const bytes = byteLength(text);
  const limit = maxTextBytes;
  if (bytes <= limit) return { bytes, limit, parts: [text], isTooLong: false };
  if (bytes > longestCounted) return { bytes, limit, parts: [], isTooLong: true };
  const parts = splitText(text, maxPartBytes);
  return { bytes, limit, parts, isTooLong: parts.length > maxParts };
}
