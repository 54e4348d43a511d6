import type { StoredMessage } from '../../shared/conversations/conversation-reader.ts';
import type { MessageState } from '../../shared/conversations/message-state.ts';
import { isAway } from './is-away.ts';
import { hasWord } from './match-keyword.ts';
import { type AutoReplyRules, replyText } from './rules.ts';

/** Shown as who sent the replies. */
export const autoReplyName = 'auto-reply';

export type Silence =
  /** It was written too long ago, or nobody knows when: such as what reconciling found. */
  | 'too_late'
  | 'unsent'
  /** The account itself wrote it. */
  | 'own_message'
  /** Another app has the conversation. */
  | 'held_by_another_app'
  /** A program wrote it, maybe one like this. */
  | 'automatic_message'
  /** A person, or another app, has answered within the quiet hours. */
  | 'answered_lately'
  | 'no_rule';

export type Choice =
  | { readonly reply: string /** Which of the rules it is, by its text. */; readonly rule: string }
  | { readonly silent: Silence }
  /** Who sent the newest answer may not be known yet: ask again then. */
  | { readonly againAfterSeconds: number };

/** An answer after that is a surprise, not an answer. */
const freshMs = 15 * 60_000;
const hourMs = 60 * 60_000;
/** Meta's echo of a send of ours may be stored before the send itself tells whose it was. */
const unsettledMs = 60_000;
const askAgainSeconds = 20;

/**
 * What the rules answer to a message, if anything.
 * @param thread the newest messages of the conversation.
 */
export function chooseReply(
  rules: AutoReplyRules,
  message: StoredMessage,
  thread: readonly StoredMessage[],
  nowMs: number,
): Choice {
  const silent = silenceOf(rules, message, nowMs);
  if (silent) return { silent };
  const rule = ruleFor(rules, message, nowMs);
  if (rule === undefined) return { silent: 'no_rule' };
  const others = answersOfOthers(rules, thread, nowMs);
  if (others.length === 0) return { reply: replyText(rules, rule), rule };
  const isSettled = others.some(
    ({ sentBy, sentAt }) => sentBy !== undefined || nowMs - (sentAt?.atMs ?? 0) > unsettledMs,
  );
  return isSettled ? { silent: 'answered_lately' } : { againAfterSeconds: askAgainSeconds };
}

/** The reply of the rule that fits, a keyword's first. */
function ruleFor(rules: AutoReplyRules, { state }: StoredMessage, nowMs: number): string | undefined {
  const { text, content, sentAt } = state;
  const keyword = rules.keywords.find(({ words }) => words.some((word) => hasWord(text?.value ?? '', word)));
  if (keyword) return keyword.reply;
  const { away } = rules;
  // A mention in a story is addressed to the customer's own followers.
  const isAddressed = content?.value.kind !== 'story_mention';
  return away && isAddressed && isAway(away, sentAt?.atMs ?? nowMs) ? away.reply : undefined;
}

function silenceOf(rules: AutoReplyRules, { state }: StoredMessage, nowMs: number): Silence | undefined {
  const { deletedAtMs, direction, content, via, sentAt, text } = state;
  if (deletedAtMs !== undefined) return 'unsent';
  if (direction !== 'in' || content?.value.is_self) return 'own_message';
  if (!via.includes('messaging')) return via.includes('standby') ? 'held_by_another_app' : 'too_late';
  if (!sentAt || nowMs - sentAt.atMs > freshMs) return 'too_late';
  return isAutomatic(rules, text?.value ?? '') ? 'automatic_message' : undefined;
}

/** What the business wrote within the quiet hours, but for the auto-reply itself. */
function answersOfOthers(
  { quiet_hours }: AutoReplyRules,
  thread: readonly StoredMessage[],
  nowMs: number,
): readonly MessageState[] {
  const sinceMs = nowMs - quiet_hours * hourMs;
  return thread
    .map(({ state }) => state)
    .filter(
      ({ direction, sentAt, sentBy }) =>
        direction === 'out' && (sentAt?.atMs ?? 0) > sinceMs && sentBy?.name !== autoReplyName,
    );
}

/** Two programs that answer each other would never end: what says of itself what ours say is not answered. */
function isAutomatic(rules: AutoReplyRules, text: string): boolean {
  const replies = [...rules.keywords.map(({ reply }) => reply), ...(rules.away ? [rules.away.reply] : [])];
  return (
    text.toLowerCase().includes(rules.note.trim().toLowerCase()) ||
    replies.some((reply) => text.includes(reply))
  );
}
