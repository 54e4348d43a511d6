import { contactStore, isFresh } from '../conversations/contact-store.ts';
import { forgottenStore } from '../conversations/forgotten-store.ts';
import { isKnown, type QueuedFinding, toGraphEvent } from '../conversations/graph-finding.ts';
import { messageStore } from '../conversations/message-store.ts';
import { readProfile } from '../conversations/read-profile.ts';
import { summaryStore } from '../conversations/summary-store.ts';
import type { ConversationKey } from '../conversations/table-keys.ts';
import { accountId, customerId, type MessageId, messageId } from '../instagram/ids.ts';
import { isRecord } from '../runtime/json.ts';
import { isNotReadable } from './budgeted-graph.ts';
import { enqueueFindings } from './enqueue-findings.ts';
import { graphThreads } from './graph-threads.ts';
import type { ReconcileParts } from './reconcile-parts.ts';
import { reconcileStore } from './reconcile-store.ts';
import { reconcileThread } from './reconcile-thread.ts';
import { type Gap, gapsIn, messagesIn } from './tally.ts';

/**
 * Fetches one message that is known by its mid alone, unless it has come meanwhile. That Meta does not give it out
 * is no proof that it was taken back: it is kept as one that cannot be read. @returns what was enqueued.
 */
export async function lookUpMessage(
  parts: ReconcileParts,
  asked: ConversationKey,
  mid: MessageId,
): Promise<QueuedFinding | undefined> {
  const store = messageStore(parts.client, parts.tableName);
  const stored = await store.find(asked, mid);
  if (stored?.content || stored?.deletedAtMs !== undefined) return undefined;
  const read = await graphThreads(parts)
    .readMessage(mid)
    .catch((error: unknown) => {
      if (isNotReadable(error)) return undefined;
      throw error;
    });
  // Of a message that nothing else told of there is nothing to keep.
  if (!read && !stored) return undefined;
  const finding: QueuedFinding = {
    v: 1,
    source: 'graph',
    account_id: parts.account,
    customer_id: customerOf(read?.value ?? {}, parts.account) ?? asked.customerId,
    read_at: read?.readAtMs ?? Date.now(),
    finding: read ? 'message' : 'unreadable',
    node: read ? { ...read.value } : { id: mid },
  };
  if (isKnown(stored, toGraphEvent(finding))) return undefined;
  await enqueueFindings(parts, [finding]);
  return finding;
}

/** The party that is not the business. */
function customerOf({ from, to }: Readonly<Record<string, unknown>>, account: string) {
  const recipients = isRecord(to) && Array.isArray(to.data) ? to.data : [];
  const [other] = [from, ...recipients].filter(isRecord).filter(({ id }) => id !== account);
  return customerId(other?.id);
}

export interface FoundInThread {
  readonly messages: number;
  readonly gaps: readonly Gap[];
  /** Messages that could not be read for the moment. */
  readonly unread: number;
}

/**
 * Compares one customer's conversation with Meta's, whether it changed or not.
 * @returns undefined when Meta lists no conversation of the account with this customer.
 * @throws ReconcilingElsewhereError while another reconciliation is at it
 */
export async function lookUpThread(
  parts: ReconcileParts,
  customer: string,
): Promise<FoundInThread | undefined> {
  const threads = graphThreads(parts);
  const entry = await threads.find(customer);
  if (!entry) return undefined;
  const lock = await reconcileStore(parts.client, parts.tableName, parts.account).lock();
  try {
    const options = { includesFresh: true, isImport: false, isLastTry: false };
    const result = await reconcileThread(parts, threads, entry.id, options);
    return (
      result && { messages: messagesIn(result.found), gaps: gapsIn(result.found), unread: result.unread }
    );
  } finally {
    await lock.release();
  }
}

/** Reads who a customer is, unless that was done within a day. @returns whether Meta was asked. */
export async function lookUpProfile(parts: ReconcileParts, customer: string): Promise<boolean> {
  const id = customerId(customer);
  if (!id) return false;
  const key = { accountId: parts.account, customerId: id };
  const contacts = contactStore(parts.client, parts.tableName);
  const known = await contacts.find(key);
  if (known && isFresh(known, Date.now()) && (known.name !== undefined || known.isMiss)) return false;
  if (!known && (await isForgotten(parts, key))) return false;
  await contacts.put(key, {
    ...(known?.username && { username: known.username }),
    ...(await readProfile(parts.secret, id)),
  });
  return true;
}

/** Forgotten, and not written since: the lookup is one of before. */
async function isForgotten({ client, tableName }: ReconcileParts, key: ConversationKey): Promise<boolean> {
  if ((await forgottenStore(client, tableName).upTo([key])).size === 0) return false;
  return Object.keys(await summaryStore(client, tableName).find(key)).length === 0;
}

/** Ids of a lookup off the queue; `undefined` when they are none. */
export function keyOfLookup(asked: { account_id: string; customer_id: string }): ConversationKey | undefined {
  const account = accountId(asked.account_id);
  const customer = customerId(asked.customer_id);
  return account && customer && { accountId: account, customerId: customer };
}

export const midOfLookup = (mid: string) => messageId(mid);
