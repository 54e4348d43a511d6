import { isRecord } from '../runtime/json.ts';

export interface Reaction {
  /** Meta's name of it: `love`, `like`, `other` … */
  readonly name?: string;
  readonly emoji?: string;
}

/** No name or emoji of Meta's comes near these. */
const maxNameLength = 32;
const maxEmojiLength = 64;

/**
 * Reads the `reaction` of a webhook: `null` where it was taken back, `undefined` where it is none.
 * https://developers.facebook.com/docs/instagram-platform/webhooks/examples
 */
export function parseReaction(told: unknown): Reaction | null | undefined {
  if (!isRecord(told)) return undefined;
  if (told.action === 'unreact') return null;
  if (told.action !== 'react') return undefined;
  const { reaction, emoji } = told;
  return {
    ...(typeof reaction === 'string' && { name: reaction.toWellFormed().slice(0, maxNameLength) }),
    ...(typeof emoji === 'string' && { emoji: emoji.slice(0, maxEmojiLength).toWellFormed() }),
  };
}
