import { contactStore } from '../conversations/contact-store.ts';
import {
  type ConversationParts,
  conversationReader,
  type StoredMessage,
} from '../conversations/conversation-reader.ts';
import { isKnown, type QueuedFinding, toGraphEvent } from '../conversations/graph-finding.ts';
import { merge } from '../conversations/merge.ts';
import type { MessageState } from '../conversations/message-state.ts';
import { messageStore } from '../conversations/message-store.ts';
import { proveIdentity } from '../conversations/prove-identity.ts';
import type { ConversationKey } from '../conversations/table-keys.ts';
import { graphTime } from '../instagram/event-time.ts';
import { type CustomerId, customerId, type MessageId, messageId } from '../instagram/ids.ts';
import { enqueueFindings } from './enqueue-findings.ts';
import { detailedMessages, type GraphThreads, type MessageNode, type Thread } from './graph-threads.ts';
import { lookBehind } from './look-behind.ts';
import type { ReconcileParts } from './reconcile-parts.ts';

export interface ThreadResult {
  readonly customerId: CustomerId;
  readonly found: readonly QueuedFinding[];
  /** Messages so fresh that their webhook may still come: the thread is looked at again. */
  readonly isSettled: boolean;
  /** Of the newest message that was seen. */
  readonly newestAtMs?: number;
}

export interface ThreadOptions {
  /** Also what is so fresh that its webhook may be on its way. */
  readonly includesFresh: boolean;
  /** All ids that there are, however many. */
  readonly isImport: boolean;
  /** The newest message that the last look saw; absent before the first. */
  readonly lookedUpToMs?: number | undefined;
}

/** A webhook that takes longer is taken for lost. */
const freshMs = 60_000;
/** Meta tells the time of a read in seconds. */
const clockSlackMs = 2_000;
const historyStart = 'entry_history_start' as MessageId;
const comparedStored = 100;
/** Kinds that Meta's list of messages need not contain. */
const listedKinds: ReadonlySet<string> = new Set(['text', 'attachment', 'story_mention', 'story_reply']);

/**
 * Compares one conversation at Meta with what is stored, and enqueues what the store does not know.
 * @returns undefined when the business takes part in no such thread: IG_USER_ID is another account's.
 */
export async function reconcileThread(
  parts: ReconcileParts,
  threads: GraphThreads,
  threadId: string,
  options: ThreadOptions,
): Promise<ThreadResult | undefined> {
  const thread = await threads.read(threadId);
  const other = otherParticipant(thread, parts.account);
  if (!other) return undefined;
  const mids = thread.newest.flatMap(({ id }) => messageId(id) ?? []);
  await keepUsername(parts, other, thread.readAtMs);
  const key = await proveIdentity(parts.client, parts.tableName, {
    account: parts.account,
    participantId: other.id,
    ...(other.username !== undefined && { username: other.username }),
    mids,
  });
  const stored = await readStored(parts, key, mids);
  const found = (finding: QueuedFinding['finding'], node: MessageNode): QueuedFinding => ({
    v: 1,
    source: 'graph',
    account_id: parts.account,
    customer_id: key.customerId,
    read_at: thread.readAtMs,
    finding,
    node: { ...node },
  });

  const findings: QueuedFinding[] = [];
  let isSettled = true;
  for (const node of thread.newest) {
    const finding = found(node.from === undefined ? 'unreadable' : 'message', node);
    const mid = messageId(node.id);
    if (!mid || isKnown(stored.states.get(mid), toGraphEvent(finding))) continue;
    const ageMs = thread.readAtMs - (graphTime(node.created_time)?.atMs ?? 0);
    if (ageMs < freshMs && !options.includesFresh) isSettled = false;
    else findings.push(finding);
  }
  const justNowMs = options.includesFresh ? clockSlackMs : freshMs;
  for (const { id, atMs } of unlisted(thread, stored.newest)) {
    if (atMs < thread.readAtMs - justNowMs) findings.push(found('absent', { id }));
    // What is fresh may have come after the read: the next look tells.
    else isSettled = false;
  }
  const last = thread.newest.at(-1);
  const lastAtMs = graphTime(last?.created_time)?.atMs ?? 0;
  // Nothing lies behind a list that is not full, or that reaches back to the last look.
  const looksBehind =
    thread.newest.length >= detailedMessages &&
    (options.isImport || options.lookedUpToMs === undefined || lastAtMs > options.lookedUpToMs);
  if (looksBehind) {
    const known = (mid: MessageId) => findState(parts, stored.conversation, mid);
    const behind = await lookBehind(threads, threadId, thread.newest, known, options);
    findings.push(...behind.gaps.map((node) => found('unreadable', node)));
    if (behind.hasOlder && last && !(await known(historyStart))?.content) {
      findings.push(found('history_start', last));
    }
  }
  await enqueueFindings(parts, findings);
  const newestAtMs = graphTime(thread.newest[0]?.created_time)?.atMs;
  return {
    customerId: key.customerId,
    found: findings,
    isSettled,
    ...(newestAtMs !== undefined && { newestAtMs }),
  };
}

function otherParticipant({ participants }: Thread, account: string) {
  if (!participants.some(({ id }) => id === account)) return undefined;
  const [other] = participants.filter(({ id }) => id !== account);
  const id = customerId(other?.id);
  return id && { id, ...(other?.username !== undefined && { username: other.username }) };
}

/** A thread tells the username for nothing; what a profile says beside it stays. */
async function keepUsername(
  { client, tableName, account }: ReconcileParts,
  { id, username }: { readonly id: CustomerId; readonly username?: string },
  readAtMs: number,
): Promise<void> {
  if (username === undefined) return;
  const contacts = contactStore(client, tableName);
  const key = { accountId: account, customerId: id };
  const known = await contacts.find(key);
  if (known?.username === username) return;
  await contacts.put(key, { ...known, username, readAtMs: known?.readAtMs ?? readAtMs });
}

interface Stored {
  readonly states: ReadonlyMap<MessageId, MessageState>;
  /** The newest of the conversation, newest first. */
  readonly newest: readonly StoredMessage[];
  readonly conversation: ConversationParts;
}

async function readStored(
  parts: ReconcileParts,
  key: ConversationKey,
  mids: readonly MessageId[],
): Promise<Stored> {
  const reader = conversationReader(parts.client, parts.tableName);
  const conversation = (await reader.find(key)) ?? { ...key, aliases: [] };
  const { items } = await reader.messages(conversation, comparedStored);
  const states = new Map<MessageId, MessageState>();
  for (const mid of mids) {
    const state = await findState(parts, conversation, mid);
    if (state) states.set(mid, state);
  }
  return { states, newest: items, conversation };
}

/** What is known of a message, under whichever id of the customer. */
async function findState(
  { client, tableName }: ReconcileParts,
  conversation: ConversationParts,
  mid: MessageId,
): Promise<MessageState | undefined> {
  const store = messageStore(client, tableName);
  const ids = [conversation.customerId, ...conversation.aliases];
  const found = await Promise.all(ids.map((id) => store.find({ ...conversation, customerId: id }, mid)));
  const states = found.flatMap((state) => state ?? []);
  return states.length > 0 ? states.reduce(merge) : undefined;
}

/** Stored messages that Meta, asked for the newest, left out although older ones are there. */
function unlisted({ newest }: Thread, stored: readonly StoredMessage[]) {
  const listed = new Set(newest.map(({ id }) => id));
  const oldestAtMs = graphTime(newest.at(-1)?.created_time)?.atMs;
  if (oldestAtMs === undefined) return [];
  // The oldest second of a full list may hold more than the list shows.
  const sinceMs = newest.length >= detailedMessages ? oldestAtMs + 1001 : oldestAtMs;
  return stored
    .map(({ id, state }) => ({ id, state, atMs: state.sentAt?.atMs ?? 0 }))
    .filter(({ id, state, atMs }) => {
      const isListedKind = state.content !== undefined && listedKinds.has(state.content.value.kind);
      return atMs >= sinceMs && isListedKind && !listed.has(id) && state.absence?.isAbsent !== true;
    });
}
