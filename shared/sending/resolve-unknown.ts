import type { StoredMessage } from '../conversations/conversation-reader.ts';
import type { AccountId } from '../instagram/ids.ts';
import { graphTimeoutMs } from './outbox.ts';
import { isSameContent } from './same-content.ts';
import type { SendLedger } from './send-ledger.ts';
import type { OutgoingPart, SendRow, ThreadId } from './send-row.ts';
import type { ThreadQueues } from './thread-queue.ts';

export interface ResolveParts {
  readonly ledger: SendLedger;
  readonly queues: ThreadQueues;
  /** The business's messages of the thread since then, oldest first, that Meta itself told of. */
  readonly outgoingSince: (thread: ThreadId, sinceMs: number) => Promise<readonly StoredMessage[]>;
  /** Goes on with a send of which a part was found to have arrived. */
  readonly goOn: (row: SendRow) => Promise<void>;
}

/** Meta's clock and ours need not agree. */
const clockSlackMs = 5_000;
/** Beyond the time that Meta is given for its answer. */
const lateMs = 30_000;

/**
 * Looks for the messages of sends whose outcome is not known, among what Meta told of since. The oldest send
 * takes the oldest message of equal content; a message is taken once. While another send of the thread is on its
 * way nothing is decided: the message may be that one's.
 */
export async function resolveUnknown(
  parts: ResolveParts,
  account: AccountId,
  thread: ThreadId,
): Promise<void> {
  const { unknown, waiting } = await parts.queues.read(thread);
  if (unknown.length === 0) return;
  const head = waiting[0] && (await parts.ledger.find(waiting[0]));
  if (head && head.state.name === 'sending') return;

  const rows: SendRow[] = [];
  for (const sendId of unknown) {
    const row = await parts.ledger.find(sendId);
    if (row?.state.name === 'unknown') rows.push(row);
    else await parts.queues.settle(thread, sendId);
  }
  const sinceMs = Math.min(...rows.map(startOf));
  if (rows.length === 0) return;
  const candidates = [...(await parts.outgoingSince(thread, sinceMs))];
  for (const row of rows.toSorted((a, b) => startOf(a) - startOf(b))) {
    await resolveRow(parts, account, thread, row, candidates);
  }
}

async function resolveRow(
  parts: ResolveParts,
  account: AccountId,
  thread: ThreadId,
  row: SendRow,
  candidates: StoredMessage[],
): Promise<void> {
  const part = row.parts[row.sentParts.length];
  if (!part) return;
  for (const message of candidates) {
    const atMs = message.state.sentAt?.atMs ?? 0;
    if (atMs < startOf(row) || atMs > endOf(row, part) || !isSameContent(part, message.state)) continue;
    if ((await parts.ledger.claim(account, message.id, row.sendId)) !== row.sendId) continue;
    const recipientId = 'customerId' in row.addressee ? row.addressee.customerId : '';
    const sentParts = [
      ...row.sentParts,
      { messageId: message.id, recipientId, atMs, foundBy: 'content' as const },
    ];
    const isWhole = sentParts.length >= row.parts.length;
    const changed = await parts.ledger.change(row, {
      sentParts,
      attempts: 0,
      state: { name: isWhole ? 'sent' : 'accepted' },
    });
    if (!changed) return;
    candidates.splice(candidates.indexOf(message), 1);
    await parts.queues.settle(thread, row.sendId);
    await parts.goOn(changed);
    return;
  }
}

/** Later than this Meta made no message of the request: the same text is another one, such as the owner's own. */
const endOf = ({ state, acceptedAtMs }: SendRow, { kind }: OutgoingPart) =>
  (state.name === 'unknown' ? state.sinceMs : acceptedAtMs) + graphTimeoutMs[kind] + lateMs;

const startOf = ({ state, acceptedAtMs }: SendRow) =>
  (state.name === 'unknown' ? state.sinceMs : acceptedAtMs) - clockSlackMs;
