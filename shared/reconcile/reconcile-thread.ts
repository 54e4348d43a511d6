import { type Contact, contactStore, isFresh } from '../conversations/contact-store.ts';
import { isKnown, type QueuedFinding, toGraphEvent } from '../conversations/graph-finding.ts';
import { proveIdentity } from '../conversations/prove-identity.ts';
import { graphTime } from '../instagram/event-time.ts';
import { type CustomerId, customerId, type MessageId, messageId } from '../instagram/ids.ts';
import { enqueueFindings } from './enqueue-findings.ts';
import { detailedMessages, type GraphThreads, type MessageNode, type Thread } from './graph-threads.ts';
import { lookBehind } from './look-behind.ts';
import type { ReconcileParts } from './reconcile-parts.ts';
import { readStored, unlisted } from './stored-thread.ts';
import { freshMs } from './waiting-threads.ts';
import { isLater, withoutOutdated } from './without-outdated.ts';

export interface ThreadResult {
  readonly customerId: CustomerId;
  readonly found: readonly QueuedFinding[];
  /** Messages so fresh that their webhook may still come: the thread is looked at again. */
  readonly isSettled: boolean;
  /** Messages that could not be read for the moment: the thread is looked at again. */
  readonly unread: number;
  /** Who the customer is was read more than a day ago. */
  readonly isContactOld: boolean;
  /** Of the newest message that was seen. */
  readonly newestAtMs?: number;
}

export interface ThreadOptions {
  /** Also what is so fresh that its webhook may be on its way. */
  readonly includesFresh: boolean;
  /** All ids that there are, however many. */
  readonly isImport: boolean;
  /** Messages that cannot be read again are stated as gaps, and not waited for any longer. */
  readonly isLastTry: boolean;
  /** The newest message that the last look saw; absent before the first. */
  readonly lookedUpToMs?: number | undefined;
}

/** Meta tells the time of a read in seconds. */
const clockSlackMs = 2_000;
const historyStart = 'entry_history_start' as MessageId;

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
  const atMeta = await threads.read(threadId);
  const other = otherParticipant(atMeta, parts.account);
  if (!other) return undefined;
  const newestAtMs = graphTime(atMeta.newest[0]?.created_time)?.atMs;
  const { thread, sinceMs } = await withoutOutdated(parts, atMeta, other.id);
  if (!thread) return nothingOf(other.id, newestAtMs);
  const mids = thread.newest.flatMap(({ id }) => messageId(id) ?? []);
  const contact = await keepUsername(parts, other, thread.readAtMs);
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
  let unread = 0;
  for (const node of thread.newest) {
    const finding = found(node.from === undefined ? 'unreadable' : 'message', node);
    const mid = messageId(node.id);
    if (!mid || isKnown(stored.states.get(mid), toGraphEvent(finding))) continue;
    const ageMs = thread.readAtMs - (graphTime(node.created_time)?.atMs ?? 0);
    if (ageMs < freshMs && !options.includesFresh) isSettled = false;
    else if (thread.unread.has(node.id) && !options.isLastTry) unread += 1;
    else findings.push(finding);
  }
  const justNowMs = options.includesFresh ? clockSlackMs : freshMs;
  for (const { id, atMs } of unlisted(thread, stored.newest)) {
    if (atMs < thread.readAtMs - justNowMs) findings.push(found('absent', { id }));
    // What is fresh may have come after the read: the next look tells.
    else isSettled = false;
  }
  // Meta tells of a change by the second: another message of the second that goes on would change nothing.
  if (!options.includesFresh && newestAtMs !== undefined && thread.readAtMs - newestAtMs < clockSlackMs) {
    isSettled = false;
  }
  const last = thread.newest.at(-1);
  const lastAtMs = graphTime(last?.created_time)?.atMs ?? 0;
  // Nothing lies behind a list that is not full, or that reaches back to the last look.
  const looksBehind =
    thread.newest.length >= detailedMessages &&
    (options.isImport || options.lookedUpToMs === undefined || lastAtMs >= options.lookedUpToMs);
  if (looksBehind) {
    const behind = await lookBehind(threads, threadId, thread.newest, stored.find, options);
    const gaps = behind.gaps.filter((node) => sinceMs === undefined || isLater(node, sinceMs));
    findings.push(...gaps.map((node) => found('unreadable', node)));
    if (sinceMs === undefined && behind.hasOlder && last && !(await stored.find(historyStart))?.content) {
      findings.push(found('history_start', last));
    }
  }
  await enqueueFindings(parts, findings);
  return {
    customerId: key.customerId,
    found: findings,
    isSettled,
    unread,
    isContactOld: contact !== undefined && !isFresh(contact, Date.now()),
    ...(newestAtMs !== undefined && { newestAtMs }),
  };
}

/** Of a customer of whom nothing is to be stored. */
const nothingOf = (customer: CustomerId, newestAtMs: number | undefined): ThreadResult => ({
  customerId: customer,
  found: [],
  isSettled: true,
  unread: 0,
  isContactOld: false,
  ...(newestAtMs !== undefined && { newestAtMs }),
});

function otherParticipant({ participants }: Thread, account: string) {
  if (!participants.some(({ id }) => id === account)) return undefined;
  const [other] = participants.filter(({ id }) => id !== account);
  const id = customerId(other?.id);
  return id && { id, ...(other?.username !== undefined && { username: other.username }) };
}

/** A thread tells the username for nothing; what a profile says beside it stays. @returns what was known before. */
async function keepUsername(
  { client, tableName, account }: ReconcileParts,
  { id, username }: { readonly id: CustomerId; readonly username?: string },
  readAtMs: number,
): Promise<Contact | undefined> {
  const contacts = contactStore(client, tableName);
  const key = { accountId: account, customerId: id };
  const known = await contacts.find(key);
  if (username !== undefined && known?.username !== username) {
    await contacts.put(key, { ...known, username, readAtMs: known?.readAtMs ?? readAtMs });
  }
  return known;
}
