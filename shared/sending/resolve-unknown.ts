import type { StoredMessage } from '../conversations/conversation-reader.ts';
import type { AccountId, MessageId } from '../instagram/ids.ts';
import { type Channel, channelsOf } from './channels.ts';
import { matchAll } from './match-messages.ts';
import { graphTimeoutMs } from './outbox.ts';
import { ownEchoes } from './own-echoes.ts';
import { contentOfMessage, contentOfPart } from './same-content.ts';
import type { SendLedger } from './send-ledger.ts';
import type { SendId, SendRow, ThreadId } from './send-row.ts';
import type { ThreadQueues } from './thread-queue.ts';

export interface ResolveParts {
  readonly ledger: SendLedger;
  readonly queues: ThreadQueues;
  /** The business's messages of the thread since then, oldest first, with those of which only our sends tell. */
  readonly outgoingSince: (thread: ThreadId, sinceMs: number) => Promise<readonly StoredMessage[]>;
  /** Goes on with a send of which a part was found to have arrived. */
  readonly goOn: (row: SendRow) => Promise<void>;
}

/** Meta's clock and ours need not agree. */
const clockSlackMs = 5_000;
/** A message so long before its send began is another one's: clocks that are kept by the network are nearer. */
const earlyMs = 2_000;
/** Beyond the time that Meta is given for its answer, or beyond the end of a connection. */
const lateMs = 30_000;

/** A message that Meta must have told of by now, or will: of a send without an outcome, or of one that is sent. */
interface Expected {
  readonly content: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly likelyMs: number;
  readonly toldBy: readonly Channel[];
  /** Absent: it was sent, and Meta named its message, of which nothing has come under that name by one way or both. */
  readonly row?: SendRow;
}

interface Told {
  readonly id: MessageId;
  readonly content: string;
  readonly atMs: number;
  readonly toldBy: readonly Channel[];
}

/**
 * Looks for the messages of sends whose outcome is not known, among what Meta told of since. A message is taken
 * once, and only where every send that it may be of has one: two sends and one message prove for neither that it
 * arrived. While another send of the thread is on its way nothing is decided.
 */
export async function resolveUnknown(
  parts: ResolveParts,
  account: AccountId,
  thread: ThreadId,
): Promise<void> {
  const { ledger, queues } = parts;
  const known = await rowsOf(ledger, (await queues.read(thread)).unknown);
  if (known.length === 0) return;
  const sinceMs = Math.min(...known.map(startOf)) - 2 * clockSlackMs;
  const messages = await parts.outgoingSince(thread, sinceMs);

  // Read after the messages: whatever made one of them stands in the line, or has left it with its outcome.
  const { waiting, unknown, recent = [] } = await queues.read(thread);
  const head = waiting[0] && (await ledger.find(waiting[0]));
  if (head && head.state.name === 'sending') return;
  const listed = await rowsOf(ledger, unknown);
  for (const { sendId } of listed.filter(({ state }) => state.name !== 'unknown')) {
    await queues.settle(thread, sendId);
  }
  const all = [...(await rowsOf(ledger, recent)), ...listed, ...(head ? [head] : [])];
  const others = [...new Map(all.map((row) => [row.sendId, row])).values()];
  const rows = others.filter(({ state }) => state.name === 'unknown');
  const toldOf = messages.filter(({ state }) => channelsOf(state).length > 0);
  const told = ownEchoes(toldOf, new Set(others.flatMap(namedIds)));

  const expected = [...rows.flatMap(unknownOf), ...unconfirmedOf(others, messages)];
  const mids = await freeMessages(parts, account, told, rows);
  for (const row of rows) {
    const own = mids.claimed.get(row.sendId);
    if (own) await settle(parts, account, thread, row, own);
  }
  const stillExpected = expected.filter(({ row }) => !row || !mids.claimed.has(row.sendId));
  for (const [{ row }, message] of matchAll(stillExpected, mids.free)) {
    if (row) await settle(parts, account, thread, row, message);
  }
}

async function rowsOf(ledger: SendLedger, ids: readonly SendId[]): Promise<SendRow[]> {
  const rows = await Promise.all([...new Set(ids)].map((sendId) => ledger.find(sendId)));
  return rows.filter((row) => row !== undefined);
}

/** The messages that no send has, and those that a send took without having written it down. */
async function freeMessages(
  { ledger }: ResolveParts,
  account: AccountId,
  messages: readonly StoredMessage[],
  rows: readonly SendRow[],
): Promise<{ readonly free: readonly Told[]; readonly claimed: ReadonlyMap<SendId, Told> }> {
  const wanted = new Set(rows.flatMap(unknownOf).map(({ content }) => content));
  const free: Told[] = [];
  const claimed = new Map<SendId, Told>();
  for (const { id, state } of messages) {
    const content = contentOfMessage(state);
    if (content === undefined || !wanted.has(content)) continue;
    const message = { id, content, atMs: state.sentAt?.atMs ?? 0, toldBy: channelsOf(state) };
    const claimant = await ledger.claimant(account, id);
    if (claimant === undefined) free.push(message);
    else if (rows.some(({ sendId }) => sendId === claimant)) claimed.set(claimant, message);
  }
  return { free, claimed };
}

async function settle(
  parts: ResolveParts,
  account: AccountId,
  thread: ThreadId,
  row: SendRow,
  { id, atMs }: Told,
): Promise<void> {
  if (row.sentParts.some(({ messageId }) => messageId === id)) return;
  if ((await parts.ledger.claim(account, id, row.sendId)) !== row.sendId) return;
  const recipientId = 'customerId' in row.addressee ? row.addressee.customerId : '';
  const [within] = unknownOf(row).map(({ fromMs, toMs }) => ({ fromMs, toMs }));
  const found = { messageId: id, recipientId, atMs, foundBy: 'content', ...(within && { within }) } as const;
  const sentParts = [...row.sentParts, found];
  const isWhole = sentParts.length >= row.parts.length;
  const changed = await parts.ledger.change(row, {
    sentParts,
    attempts: 0,
    state: { name: isWhole ? 'sent' : 'accepted' },
  });
  if (!changed) return;
  await parts.queues.settle(thread, row.sendId);
  await parts.goOn(changed);
}

/** What a send without an outcome may have made. */
function unknownOf(row: SendRow): Expected[] {
  const part = row.parts[row.sentParts.length];
  if (!part || row.state.name !== 'unknown') return [];
  const { sinceMs, endedMs = sinceMs + graphTimeoutMs[part.kind], isAnswered } = row.state;
  // Later Meta made no message of the request: the same text is another one, such as the owner's own.
  const toMs = endedMs + (isAnswered ? clockSlackMs : lateMs);
  return [{ content: contentOfPart(part), fromMs: startOf(row), toMs, likelyMs: sinceMs, toldBy: [], row }];
}

/**
 * What was sent, and not told of by every way under the name that Meta gave it: an echo may have another name than the
 * answer, and than the conversation that is read. By the rows of the latest sends, and by what of earlier ones is in
 * the conversation.
 */
function unconfirmedOf(rows: readonly SendRow[], messages: readonly StoredMessage[]): Expected[] {
  const stored = new Map(messages.map(({ id, state }) => [id, state]));
  const named = rows.flatMap((row) =>
    row.sentParts.flatMap(({ messageId, atMs, foundBy, within }, place) => {
      const part = row.parts[place];
      return part ? [{ id: messageId, content: contentOfPart(part), atMs, foundBy, within }] : [];
    }),
  );
  const isNamed = new Set(named.map(({ id }) => id));
  const recorded = messages.flatMap(({ id, state }) => {
    const content = contentOfMessage(state);
    const isOurs = state.via.includes('send') && !isNamed.has(id) && content !== undefined;
    return isOurs
      ? [{ id, content, atMs: state.sentAt?.atMs ?? 0, foundBy: undefined, within: undefined }]
      : [];
  });
  return [...named, ...recorded].map(({ id, content, atMs, foundBy, within }) => {
    const state = stored.get(id);
    return {
      content,
      // The time of an answer is told in whole seconds.
      fromMs: atMs - clockSlackMs,
      toMs: atMs + clockSlackMs + 1000,
      ...within,
      likelyMs: atMs,
      // One that was found by its content may be what the owner typed, and the send's own another.
      toldBy: state && !foundBy ? channelsOf(state) : [],
    };
  });
}

/** The messages that Meta named in its answers. */
const namedIds = ({ sentParts }: SendRow): MessageId[] =>
  sentParts.filter(({ foundBy }) => !foundBy).map(({ messageId }) => messageId);

const startOf = ({ state, acceptedAtMs }: SendRow) =>
  (state.name === 'unknown' ? state.sinceMs : acceptedAtMs) - earlyMs;
