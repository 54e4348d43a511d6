import { contactStore, isFresh } from '../conversations/contact-store.ts';
import { isKnown, type QueuedFinding, toGraphEvent } from '../conversations/graph-finding.ts';
import { messageStore } from '../conversations/message-store.ts';
import { readProfile } from '../conversations/read-profile.ts';
import type { ConversationKey } from '../conversations/table-keys.ts';
import { GraphError } from '../instagram/graph-errors.ts';
import { accountId, customerId, type MessageId, messageId } from '../instagram/ids.ts';
import { isRecord } from '../runtime/json.ts';
import { enqueueFindings } from './enqueue-findings.ts';
import { graphThreads } from './graph-threads.ts';
import type { ReconcileParts } from './reconcile-parts.ts';
import { reconcileStore } from './reconcile-store.ts';
import { reconcileThread } from './reconcile-thread.ts';

/** Meta's code for a message that was deleted, or is older than the 20 newest of its conversation. MP §4.4 */
const notReadableCode = 9000001;
const unknownObject = { code: 100, subcode: 33 };

/**
 * Fetches one message that is known by its mid alone, unless it has come meanwhile. That Meta does not give it out
 * is no proof that it was taken back. @returns what was enqueued.
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
  if (!read) return undefined;
  const customer = customerOf(read.value, parts.account) ?? asked.customerId;
  const finding: QueuedFinding = {
    v: 1,
    source: 'graph',
    account_id: parts.account,
    customer_id: customer,
    read_at: read.readAtMs,
    finding: 'message',
    node: { ...read.value },
  };
  if (isKnown(stored, toGraphEvent(finding))) return undefined;
  await enqueueFindings(parts, [finding]);
  return finding;
}

function isNotReadable(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  const { code, error_subcode } = error.details;
  return code === notReadableCode || (code === unknownObject.code && error_subcode === unknownObject.subcode);
}

/** The party that is not the business. */
function customerOf({ from, to }: Readonly<Record<string, unknown>>, account: string) {
  const recipients = isRecord(to) && Array.isArray(to.data) ? to.data : [];
  const [other] = [from, ...recipients].filter(isRecord).filter(({ id }) => id !== account);
  return customerId(other?.id);
}

/**
 * Compares one customer's conversation with Meta's, whether it changed or not. @returns how much was found.
 * @throws ReconcilingElsewhereError while another reconciliation is at it
 */
export async function lookUpThread(parts: ReconcileParts, customer: string): Promise<number> {
  const threads = graphThreads(parts);
  const entry = await threads.find(customer);
  if (!entry) return 0;
  const lock = await reconcileStore(parts.client, parts.tableName, parts.account).lock();
  try {
    const options = { includesFresh: true, isImport: false };
    return (await reconcileThread(parts, threads, entry.id, options))?.found.length ?? 0;
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
  await contacts.put(key, {
    ...(known?.username && { username: known.username }),
    ...(await readProfile(parts.secret, id)),
  });
  return true;
}

/** Ids of a lookup off the queue; `undefined` when they are none. */
export function keyOfLookup(asked: { account_id: string; customer_id: string }): ConversationKey | undefined {
  const account = accountId(asked.account_id);
  const customer = customerId(asked.customer_id);
  return account && customer && { accountId: account, customerId: customer };
}

export const midOfLookup = (mid: string) => messageId(mid);
