import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AccountId, type CustomerId, customerId, type MessageId } from '../instagram/ids.ts';
import { aliasStore } from './alias-store.ts';
import { contactStore } from './contact-store.ts';
import type { MessageState } from './message-state.ts';
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
 * the address that works.
 *
 * @returns the conversation under which what was found is to be stored.
 */
export async function proveIdentity(
  client: DynamoDBDocumentClient,
  tableName: string,
  { account, participantId, username, mids }: ThreadAtMeta,
): Promise<ConversationKey> {
  const aliases = aliasStore(client, tableName);
  const messages = messageStore(client, tableName);
  const own: ConversationKey = { accountId: account, customerId: participantId };
  const canonical = await aliases.canonicalOf(own);
  if (canonical.customerId !== participantId || username === undefined) return canonical;

  const tried = mids.slice(0, triedMids);
  for (const namesake of await namesakes(client, tableName, account, username)) {
    if (namesake === participantId) continue;
    const other = await aliases.canonicalOf({ accountId: account, customerId: namesake });
    if (other.customerId === participantId) continue;
    for (const mid of tried) {
      const state = await messages.find(other, mid);
      if (!state) continue;
      const ownState = await messages.find(own, mid);
      const [alias, target] = isAddress(ownState) && !isAddress(state) ? [other, own] : [own, other];
      await aliases.link(alias, target);
      return aliases.canonicalOf(own);
    }
  }
  return own;
}

/** A webhook's sender can be written to; an id that only Graph told of need not be. */
const isAddress = (state: MessageState | undefined) =>
  state?.via.some((via) => via === 'messaging' || via === 'standby') === true;

/** Other customers under exactly this username. */
async function namesakes(
  client: DynamoDBDocumentClient,
  tableName: string,
  account: AccountId,
  username: string,
): Promise<CustomerId[]> {
  const contacts = contactStore(client, tableName);
  const { items } = await contacts.search(account, username, triedNamesakes);
  const known = await Promise.all(
    items.map(async (id) => {
      const contact = await contacts.find({ accountId: account, customerId: id });
      return contact?.username?.toLowerCase() === username.toLowerCase() ? id : undefined;
    }),
  );
  return known.flatMap((id) => customerId(id) ?? []);
}
