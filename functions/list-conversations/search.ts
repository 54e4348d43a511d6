import {
  type ContactStore,
  contactStore,
  isPlaceOfSearch,
} from '../../shared/conversations/contact-store.ts';
import type {
  ConversationReader,
  StoredConversation,
} from '../../shared/conversations/conversation-reader.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import { type AccountId, type CustomerId, customerId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { fromCursor, invalidCursor, toCursor } from '../../shared/runtime/http/paging.ts';
import type { Chosen } from './choose.ts';
import type { ListConversationsQuery } from './request.ts';

/** The account, and where its index was left; nothing behind the bar: the account begins. */
const placePattern = /^[\w-]{1,64}\|/;

/**
 * By username, name and id, of every account, each conversation once. A page may be short: the cursor names the account
 * and goes on where the reading ended. @throws HttpError 400 for a cursor of another search.
 */
export async function search(
  reader: ConversationReader,
  { cursor, limit }: ListConversationsQuery,
  text: string,
): Promise<Chosen> {
  const contacts = contactStore(dynamodb(), required('TABLE_NAME'));
  const start = readPlace(cursor, text);
  const accounts = (await reader.accounts()).toSorted();
  const items: StoredConversation[] = start ? [] : await ofExactlyThisId(reader, contacts, accounts, text);
  for (const account of accounts.filter((each) => start === undefined || each >= start.account)) {
    if (items.length >= limit) return { items, cursor: toCursor(`${account}|`) };
    const after = account === start?.account ? start.after : undefined;
    const page = await contacts.search(account, text, limit - items.length, after);
    items.push(...(await conversationsOf(reader, contacts, account, page.items, text)));
    if (page.next !== undefined) return { items, cursor: toCursor(`${account}|${page.next}`) };
  }
  return { items };
}

function readPlace(
  cursor: string | undefined,
  text: string,
): { account: string; after?: string } | undefined {
  const place = fromCursor(cursor, placePattern);
  if (place === undefined) return undefined;
  const bar = place.indexOf('|');
  const [account, after] = [place.slice(0, bar), place.slice(bar + 1)];
  if (after === '') return { account };
  // Elsewhere in the index the table would refuse to go on.
  if (!isPlaceOfSearch(after, text)) throw invalidCursor();
  return { account, after };
}

/** A person exists from an id alone: until Meta is asked who it is, nothing but the whole id leads there. */
async function ofExactlyThisId(
  reader: ConversationReader,
  contacts: ContactStore,
  accounts: readonly AccountId[],
  text: string,
): Promise<StoredConversation[]> {
  const id = customerId(text.trim());
  if (!id) return [];
  const keys = await Promise.all(
    accounts.map(async (account): Promise<ConversationKey[]> => {
      const key = { accountId: account, customerId: id };
      return (await contacts.find(key)) ? [] : [key];
    }),
  );
  return reader.findAll(keys.flat());
}

/** A customer's second id leads to the conversation of the first, unless that one is found by itself. */
async function conversationsOf(
  reader: ConversationReader,
  contacts: ContactStore,
  accountId: AccountId,
  ids: readonly CustomerId[],
  text: string,
): Promise<StoredConversation[]> {
  const found = await reader.findAll(ids.map((id) => ({ accountId, customerId: id })));
  const isListed = await Promise.all(
    found.map(async (each) => ids.includes(each.customerId) || !(await contacts.isFoundBy(each, text))),
  );
  return found.filter((_, place) => isListed[place]);
}
