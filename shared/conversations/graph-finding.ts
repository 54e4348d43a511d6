import * as z from 'zod/mini';
import { graphTime } from '../instagram/event-time.ts';
import { parseGraphMessage } from '../instagram/graph-message.ts';
import { accountId, customerId, messageId } from '../instagram/ids.ts';
import type { MessageContent } from '../instagram/message-content.ts';
import type { Reaction } from '../instagram/reaction.ts';
import type { GraphEvent } from './conversation-event.ts';
import { contentRanks, type MessageState, type ReactionRegister } from './message-state.ts';

/**
 * The body of a message on the events queue that `reconcile` puts there, version 1. Like a delivery it carries
 * what Meta said as it came: the consumer understands it.
 */
export const queuedFinding = z.object({
  v: z.literal(1),
  source: z.literal('graph'),
  account_id: z.string(),
  customer_id: z.string(),
  /** Meta's own time of the read, by its `Date` header, in ms: what it says holds as of then. */
  read_at: z.int(),
  finding: z.enum([
    /** `node` is the message as Graph tells it. */
    'message',
    /** `node` has id and time alone: Graph gives out no more of it. */
    'unreadable',
    /** `node` has the id of a stored message that Graph no longer lists among the newest. */
    'absent',
    /** Before `node.created_time` there are messages that Graph does not give out. */
    'history_start',
  ]),
  node: z.record(z.string(), z.unknown()),
});
export type QueuedFinding = z.infer<typeof queuedFinding>;

/** What a finding proves. @throws RangeError when it names no conversation or message that can be stored. */
export function toGraphEvent(finding: QueuedFinding): GraphEvent {
  const address = {
    accountId: accountId(finding.account_id),
    customerId: customerId(finding.customer_id),
    messageId: messageId(finding.finding === 'history_start' ? 'entry_history_start' : finding.node.id),
  };
  if (!address.accountId || !address.customerId || !address.messageId) {
    throw new RangeError('A finding names no conversation or no message');
  }
  const state = stateOfFinding(finding);
  return {
    type: 'graph',
    accountId: address.accountId,
    customerId: address.customerId,
    messageId: address.messageId,
    ...(state.sentAt && { time: state.sentAt }),
    state,
  };
}

function stateOfFinding({ finding, node, read_at, account_id, customer_id }: QueuedFinding): MessageState {
  const sentAt = graphTime(node.created_time);
  switch (finding) {
    case 'absent':
      return { via: [], absence: { isAbsent: true, atMs: read_at } };
    case 'unreadable':
      return { via: ['graph'], ...(sentAt && { sentAt }), content: listed({ kind: 'unreadable' }) };
    case 'history_start':
      return {
        via: [],
        // Before the message that it stands at.
        ...(sentAt && { sentAt: { ...sentAt, atMs: sentAt.atMs - 1 } }),
        content: listed({ kind: 'history_start' }),
      };
    case 'message':
      return stateOfMessage(node, read_at, account_id, customer_id);
  }
}

const listed = (value: MessageContent) => ({ value, rank: 'listed' as const });

function stateOfMessage(
  node: Readonly<Record<string, unknown>>,
  readAtMs: number,
  account: string,
  customer: string,
): MessageState {
  const { time, fromId, text, content, reactions } = parseGraphMessage(node);
  const reactionOf = (person: string): ReactionRegister | undefined =>
    reactions && { value: reactions.get(person) ?? null, atMs: readAtMs };
  const customerReaction = reactionOf(customer);
  const businessReaction = reactionOf(account);
  return {
    ...(fromId !== undefined && { direction: fromId === account ? 'out' : 'in' }),
    via: ['graph'],
    ...(time && { sentAt: time }),
    // The text as of the read: an edit that came before it is in it, one that comes later beats it.
    ...(text !== undefined && { text: { value: text, version: [readAtMs, 0] } }),
    ...(content && { content: { value: content, rank: 'graph' } }),
    ...(customerReaction && { customerReaction }),
    ...(businessReaction && { businessReaction }),
    absence: { isAbsent: false, atMs: readAtMs },
  };
}

/** Whether the stored state already says all that the finding proves, so that it need not be enqueued. */
export function isKnown(stored: MessageState | undefined, { state }: GraphEvent): boolean {
  if (!stored) return false;
  if (stored.deletedAtMs !== undefined) return true;
  return (
    (state.content === undefined || rankOf(stored) >= rankOf(state)) &&
    (state.sentAt === undefined || stored.sentAt !== undefined) &&
    (state.direction === undefined || stored.direction !== undefined) &&
    (state.text === undefined || stored.text?.value === state.text.value) &&
    sameReaction(stored.customerReaction, state.customerReaction) &&
    sameReaction(stored.businessReaction, state.businessReaction) &&
    (state.absence === undefined || (stored.absence?.isAbsent ?? false) === state.absence.isAbsent)
  );
}

const rankOf = ({ content }: MessageState) => (content ? contentRanks.indexOf(content.rank) : -1);

/** Graph may tell the emoji where the webhook told the name, or the reverse. */
function sameReaction(stored: ReactionRegister | undefined, found: ReactionRegister | undefined): boolean {
  if (!found) return true;
  const [a, b] = [stored?.value ?? null, found.value];
  if (a === null || b === null) return a === b;
  return isSame(a.name, b.name) && isSame(a.emoji, b.emoji);
}

const isSame = (a: Reaction['name'], b: Reaction['name']) => a === undefined || b === undefined || a === b;
