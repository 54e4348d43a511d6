import { access } from './refusals/access.ts';
import { accounts } from './refusals/accounts.ts';
import type { GraphErrorEntry } from './refusals/entry.ts';
import { limits } from './refusals/limits.ts';
import { messages } from './refusals/messages.ts';
import { outages } from './refusals/outages.ts';
import { recipients } from './refusals/recipients.ts';
import { tokens } from './refusals/tokens.ts';

export type { GraphErrorEntry } from './refusals/entry.ts';
export { openWindowRemedy } from './refusals/recipients.ts';

/** By subject, in the order in which docs/errors.md shows them. */
export const graphErrorSubjects = {
  recipients,
  messages,
  accounts,
  access,
  tokens,
  limits,
  outages,
} as const;

/**
 * What Meta's errors mean and what to do about each. Meanings:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export const graphErrorCatalogue: readonly GraphErrorEntry[] = Object.values(graphErrorSubjects).flat();

const fallback: Omit<GraphErrorEntry, 'code'> = {
  name: 'meta_refused',
  status: 400,
  cause: 'Nothing is known of it.',
  remedy: 'Meta refused the call; its own words are in details. Its support asks for the fbtrace_id.',
};

/**
 * The entry of the subcode, else that of Meta's words, else that of its code, else that of the range around it, else one
 * that knows nothing.
 * @param message Meta's own; without it what only words tell apart is explained by its code.
 */
export function explainGraphError(
  code: number,
  subcode: number | undefined,
  message = '',
): Omit<GraphErrorEntry, 'code'> {
  const ofCode = graphErrorCatalogue.filter((entry) => entry.code === code);
  return (
    ofCode.find((entry) => subcode !== undefined && entry.subcode === subcode) ??
    ofCode.find(({ says }) => says?.test(message)) ??
    ofCode.find((entry) => entry.subcode === undefined && entry.says === undefined) ??
    graphErrorCatalogue.find(({ code: first, upToCode }) => upToCode && first <= code && code <= upToCode) ??
    fallback
  );
}
