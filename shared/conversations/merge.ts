import { timeRanks } from '../instagram/webhook-events.ts';
import { canonicalJson } from '../runtime/json.ts';
import { type ContentRegister, contentRanks, type MessageState, type TextRegister } from './message-state.ts';

/**
 * Joins two states of one message. Commutative, associative and idempotent, so that Meta's second deliveries,
 * late deliveries and wrong orders all end in the same state.
 *
 * Envelope facts always merge; content goes with an unsend, which no late copy can undo.
 */
export function merge(a: MessageState, b: MessageState): MessageState {
  const deletedAtMs = least(a.deletedAtMs, b.deletedAtMs);
  const sentAt = pick(a.sentAt, b.sentAt, (x, y) =>
    x.rank === y.rank ? y.atMs - x.atMs : timeRanks.indexOf(x.rank) - timeRanks.indexOf(y.rank),
  );
  const envelope = {
    direction: a.direction === 'out' ? a.direction : b.direction,
    via: [...new Set([...a.via, ...b.via])].sort(),
    ...(sentAt && { sentAt }),
  };
  if (deletedAtMs !== undefined) return { ...envelope, deletedAtMs };
  const text = pick(a.text, b.text, compareText);
  const content = pick(a.content, b.content, compareContent);
  return { ...envelope, ...(text && { text }), ...(content && { content }) };
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

/** The greater of two optional values; a value beats its absence. */
function pick<T>(a: T | undefined, b: T | undefined, compare: (a: T, b: T) => number): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compare(a, b) >= 0 ? a : b;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

const compareStrings = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
