import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AccountId, CustomerId, MessageId } from '../instagram/ids.ts';
import { addressFirst } from './address-first.ts';
import { aliasStore } from './alias-store.ts';
import { contactStore } from './contact-store.ts';
import { messageStore } from './message-store.ts';
import type { ConversationKey } from './table-keys.ts';

/** What a thread at Meta says of itself. */
export interface ThreadAtMeta {
  readonly account: AccountId;
  /** The id of its participant who is not the business. */
  readonly participantId: CustomerId;
  readonly username?: string;
  /** Its newest messages. */
  readonly mids: readonly MessageId[];
}

/** As many as prove it: one would do, but the newest may not be stored yet. */
const triedMids = 10;
const triedNamesakes = 5;

/**
 * Finds the conversation that a thread at Meta belongs to. A username only proposes that two ids are one person;
 * the same message stored under both proves it. Then the ids are linked, the one that webhooks came with being
 * the address that works. A link that a crash left half written is finished first. To be called by the holder of
 * the reconcile lock.
 *
 * @returns the conversation under which what was found is to be stored.
 */
export async function proveIdentity(
  client: DynamoDBDocumentClient,
  tableName: string,
  { account, participantId, username, mids }: ThreadAtMeta,
): Promise<ConversationKey> {
  const aliases = aliasStore(client, tableName);
  const own: ConversationKey = { accountId: account, customerId: participantId };
  const canonical = await aliases.resolve(own);
  if (canonical.customerId !== participantId || username === undefined) return canonical;

  for (const namesake of await namesakes(client, tableName, account, username)) {
    if (namesake === participantId) continue;
    const other = await aliases.resolve({ accountId: account, customerId: namesake });
    if (other.customerId === participantId) continue;
    if (!(await holdsAny(client, tableName, await aliases.partsOf(other), mids.slice(0, triedMids))))
      continue;
    const [address, alias] = await addressFirst(client, tableName, own, other);
    await aliases.link(alias, address);
    return address;
  }
  return own;
}

/** Whether one of these messages stands in one of the conversations. */
async function holdsAny(
  client: DynamoDBDocumentClient,
  tableName: string,
  conversations: readonly ConversationKey[],
  mids: readonly MessageId[],
): Promise<boolean> {
  const messages = messageStore(client, tableName);
  for (const mid of mids) {
    for (const conversation of conversations) {
      const state = await messages.find(conversation, mid);
      // What the business writes to itself proves nothing about a customer: the id there is its own. MP §6.2
      if (state && state.content?.value.is_self !== true) return true;
    }
  }
  return false;
}

/** Other customers under exactly this username. */
async function namesakes(
  client: DynamoDBDocumentClient,
  tableName: string,
  account: AccountId,
  username: string,
): Promise<readonly CustomerId[]> {
  const contacts = contactStore(client, tableName);
  const { items } = await contacts.search(account, username, triedNamesakes);
  const known = await Promise.all(
    items.map(async (id) => {
      const contact = await contacts.find({ accountId: account, customerId: id });
      return contact?.username?.toLowerCase() === username.toLowerCase() ? [id] : [];
    }),
  );
  return known.flat();
}
