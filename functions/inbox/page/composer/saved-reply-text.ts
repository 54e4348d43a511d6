import type { Conversation, SavedReply } from '../api/shapes.ts';

/** `{name}` becomes the customer's first name, as one would write it; where none is known, it goes with its comma. */
export function filledIn(text: string, { name, username }: Conversation['participant']): string {
  const first = name?.trim().split(/\s+/u)[0] || username?.trim();
  if (first) return text.replaceAll('{name}', () => first);
  return text.replaceAll(/ ?\{name\}/gu, '');
}

/** What is looked for behind a `/` that begins a line: undefined where none does. */
export function slashQuery(text: string, caret: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  return /^\/[^/\s]*$/u.test(line) ? line.slice(1) : undefined;
}

export function matchingReplies(replies: readonly SavedReply[], query: string): readonly SavedReply[] {
  const wanted = plain(query);
  const starts = replies.filter(({ title }) => plain(title).startsWith(wanted));
  const holds = replies.filter(
    ({ title, text }) => !plain(title).startsWith(wanted) && plain(`${title} ${text}`).includes(wanted),
  );
  return [...starts, ...holds];
}

/** Puts the reply in the place of the `/…` before the caret. */
export function insertReply(text: string, caret: number, reply: string): { text: string; caret: number } {
  const query = slashQuery(text, caret);
  const from = query === undefined ? caret : caret - query.length - 1;
  return { text: text.slice(0, from) + reply + text.slice(caret), caret: from + reply.length };
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
