import { timeRanks } from '../instagram/event-time.ts';
import { canonicalJson } from '../runtime/json.ts';
import {
  type ContentRegister,
  contentRanks,
  type MessageState,
  type ReactionRegister,
  type TextRegister,
} from './message-state.ts';

/**
 * Joins two states of one message. Commutative, associative and idempotent, so that Meta's second deliveries,
 * late deliveries and wrong orders all end in the same state.
 *
 * Envelope facts always merge; content (text, attachments, edits, reactions, with their versions) goes with an
 * unsend, which no late copy can undo.
 */
export function merge(a: MessageState, b: MessageState): MessageState {
  const deletedAtMs = extreme(Math.min, a.deletedAtMs, b.deletedAtMs);
  const readAtMs = extreme(Math.min, a.readAtMs, b.readAtMs);
  const direction = a.direction === 'out' ? a.direction : (b.direction ?? a.direction);
  const sentAt = pick(a.sentAt, b.sentAt, (x, y) =>
    x.rank === y.rank ? y.atMs - x.atMs : timeRanks.indexOf(x.rank) - timeRanks.indexOf(y.rank),
  );
  const absence = pick(
    a.absence,
    b.absence,
    (x, y) => x.atMs - y.atMs || Number(x.isAbsent) - Number(y.isAbsent),
  );
  const sentBy = pick(a.sentBy, b.sentBy, (x, y) => compareStrings(canonicalJson(x), canonicalJson(y)));
  return {
    ...(direction && { direction }),
    ...(sentBy && { sentBy }),
    via: [...new Set([...a.via, ...b.via])].sort(),
    ...(sentAt && { sentAt }),
    ...(readAtMs !== undefined && { readAtMs }),
    ...(absence && { absence }),
    ...(deletedAtMs === undefined ? mergeContent(a, b) : { deletedAtMs }),
  };
}

function mergeContent(a: MessageState, b: MessageState): Partial<MessageState> {
  const text = pick(a.text, b.text, compareText);
  const editedAtMs = extreme(Math.max, a.editedAtMs, b.editedAtMs);
  const content = pick(a.content, b.content, compareContent);
  const customerReaction = pick(a.customerReaction, b.customerReaction, compareReactions);
  const businessReaction = pick(a.businessReaction, b.businessReaction, compareReactions);
  return {
    ...(text && { text }),
    ...(editedAtMs !== undefined && { editedAtMs }),
    ...(content && { content }),
    ...(customerReaction && { customerReaction }),
    ...(businessReaction && { businessReaction }),
  };
}

function compareText(a: TextRegister, b: TextRegister): number {
  return a.version[0] - b.version[0] || a.version[1] - b.version[1] || compareStrings(a.value, b.value);
}

function compareContent(a: ContentRegister, b: ContentRegister): number {
  return (
    contentRanks.indexOf(a.rank) - contentRanks.indexOf(b.rank) ||
    compareStrings(canonicalJson(a.value), canonicalJson(b.value))
  );
}

/** At the same time a removal beats a reaction. */
function compareReactions(a: ReactionRegister, b: ReactionRegister): number {
  return (
    a.atMs - b.atMs ||
    Number(a.value === null) - Number(b.value === null) ||
    compareStrings(canonicalJson(a.value), canonicalJson(b.value))
  );
}

/** The greater of two optional values; a value beats its absence. */
function pick<T>(a: T | undefined, b: T | undefined, compare: (a: T, b: T) => number): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compare(a, b) >= 0 ? a : b;
}

function extreme(
  of: (a: number, b: number) => number,
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : of(a, b);
}

const compareStrings = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
