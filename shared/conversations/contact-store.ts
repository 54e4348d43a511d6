import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type AccountId, type CustomerId, customerId } from '../instagram/ids.ts';
import { conditionHeld } from '../runtime/conditional-write.ts';
import type { Page } from './conversation-reader.ts';
import { type ConversationKey, contactKey, peoplePartition } from './table-keys.ts';

/** Who a customer is, as far as Meta tells. A person exists from an id alone. */
export interface Contact {
  readonly name?: string;
  readonly username?: string;
  /** Dies after a few days. MP §5 */
  readonly profilePic?: string;
  /** When Meta told it, in ms of its clock; of ours where it gave no time. */
  readonly readAtMs: number;
  /** Meta told nothing: no consent, blocked, or gone. Kept as well, so that it is not asked again at once. */
  readonly isMiss?: true;
}

const freshMs = 24 * 60 * 60 * 1000;

/** Whether Meta need not be asked again. */
export function isFresh(contact: Contact | undefined, nowMs: number): boolean {
  return contact !== undefined && nowMs - contact.readAtMs < freshMs;
}

/** Sort keys may have 1,024 bytes; no name or username of Instagram's comes near this. */
const maxIndexedLength = 64;

/**
 * The contacts of the table, and the index by which they are found: an item for each of id, username and name,
 * under the prefix that a search begins with. Functions delete nothing, so an entry of a former name stays; a hit
 * counts only when the contact still has that name.
 */
export function contactStore(client: DynamoDBDocumentClient, tableName: string) {
  async function find(conversation: ConversationKey): Promise<Contact | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: contactKey(conversation) }),
    );
    return Item && readContact(Item);
  }

  async function index(conversation: ConversationKey, contact: Contact): Promise<void> {
    const { accountId, customerId: customer } = conversation;
    await Promise.all(
      [...termsOf(conversation, contact)].map(([kind, term]) =>
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: {
              pk: peoplePartition(accountId),
              sk: `${kind}#${term}#${customer}`,
              v: 1,
              customer_id: customer,
            },
          }),
        ),
      ),
    );
  }

  return {
    find,

    /** Whether a search for this text lists the customer under this id. */
    async isFoundBy(conversation: ConversationKey, text: string): Promise<boolean> {
      const contact = await find(conversation);
      const terms = contact ? [...termsOf(conversation, contact).values()] : [];
      return terms.some((term) => term.startsWith(fold(text)));
    },

    /** Keeps what Meta told, unless something newer is kept already. A miss keeps the names known before. */
    async put(conversation: ConversationKey, contact: Contact): Promise<void> {
      const told = Object.entries({
        v: 1,
        type: 'contact',
        name: contact.name,
        username: contact.username,
        profile_pic: contact.profilePic,
        is_miss: contact.isMiss,
        read_at: contact.readAtMs,
      });
      const set = told.filter(([, value]) => value !== undefined);
      const gone = contact.isMiss ? [] : told.filter(([, value]) => value === undefined);
      const listOf = (some: typeof told, form: (name: string) => string) =>
        some.map(([name]) => form(name)).join(', ');
      // The index first: an entry that leads to no such contact counts for nothing, a contact without one is lost.
      await index(conversation, contact);
      await conditionHeld(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: contactKey(conversation),
            UpdateExpression: [
              `SET ${listOf(set, (name) => `#${name} = :${name}`)}`,
              ...(gone.length > 0 ? [`REMOVE ${listOf(gone, (name) => `#${name}`)}`] : []),
            ].join(' '),
            ConditionExpression: 'attribute_not_exists(#read_at) OR #read_at <= :read_at',
            ExpressionAttributeNames: Object.fromEntries(
              [...set, ...gone].map(([name]) => [`#${name}`, name]),
            ),
            ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
          }),
        ),
      );
    },

    /**
     * Customers whose username, name or id begins with the text: by username first, then by name, then by id,
     * each once. `next` continues where a page ended; a page may be short, since no more than 500 entries are
     * looked at for it.
     */
    async search(
      account: AccountId,
      prefix: string,
      limit: number,
      after?: string,
    ): Promise<Page<CustomerId>> {
      const folded = fold(prefix);
      if (folded === '') return { items: [] };
      const found: Hit[] = [];
      let looked = 0;
      let from = after;
      for (const kind of searchOrder.slice(after === undefined ? 0 : kindOf(after))) {
        do {
          const entries = await entriesOf(account, kind, folded, entriesAtOnce(limit), from);
          found.push(...(await holding(account, kind, folded, entries.items)));
          looked += entries.items.length;
          from = entries.next;
          const last = found[limit - 1];
          if (found.length > limit && last) return pageOf(found.slice(0, limit), last.key);
          if (looked >= maxLookedAt && from !== undefined) return pageOf(found, from);
        } while (from !== undefined);
      }
      return pageOf(found);
    },
  };

  /** Entries of one kind that begin with the text, whether they still hold or not. */
  async function entriesOf(
    account: AccountId,
    kind: SearchKind,
    folded: string,
    limit: number,
    after: string | undefined,
  ): Promise<Page<Hit>> {
    const pk = peoplePartition(account);
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :begin)',
        ExpressionAttributeValues: { ':pk': pk, ':begin': beginOf(kind, folded) },
        Limit: limit,
        ExclusiveStartKey: after === undefined ? undefined : { pk, sk: after },
      }),
    );
    return {
      items: Items.flatMap(({ sk, customer_id }) => {
        const customer = customerId(customer_id);
        return customer ? [{ customer, key: String(sk) }] : [];
      }),
      ...(LastEvaluatedKey && { next: String(LastEvaluatedKey.sk) }),
    };
  }

  /** Those that still hold, and are found by no kind before. */
  async function holding(
    account: AccountId,
    kind: SearchKind,
    folded: string,
    entries: readonly Hit[],
  ): Promise<Hit[]> {
    const checked = await Promise.all(
      entries.map(async (entry): Promise<Hit[]> => {
        const conversation = { accountId: account, customerId: entry.customer };
        const terms = termsOf(conversation, (await find(conversation)) ?? { readAtMs: 0 });
        const [first] = searchOrder.filter((each) => terms.get(each)?.startsWith(folded));
        const isCurrent = entry.key === `${kind}#${terms.get(kind)}#${entry.customer}`;
        return isCurrent && first === kind ? [entry] : [];
      }),
    );
    return checked.flat();
  }
}

/** Many names begin alike, and those found by username are not shown again by name: a page ends all the same. */
const maxLookedAt = 500;
const entriesAtOnce = (limit: number) => Math.max(limit + 1, 25);

const pageOf = (hits: readonly Hit[], next?: string): Page<CustomerId> => ({
  items: hits.map(({ customer }) => customer),
  ...(next !== undefined && { next }),
});

interface Hit {
  readonly customer: CustomerId;
  readonly key: string;
}

export type ContactStore = ReturnType<typeof contactStore>;

const searchOrder = ['username', 'name', 'id'] as const;
type SearchKind = (typeof searchOrder)[number];
const beginOf = (kind: SearchKind, folded: string) => `${kind}#${folded}`;

/** Whether a search for this text can end at this key of its index, and go on from there. */
export function isPlaceOfSearch(key: string, prefix: string): boolean {
  return searchOrder.some((kind) => key.startsWith(beginOf(kind, fold(prefix))));
}

const kindOf = (key: string) =>
  Math.max(
    0,
    searchOrder.findIndex((kind) => key.startsWith(`${kind}#`)),
  );

/** What a person is found by. */
function termsOf(
  { customerId: customer }: ConversationKey,
  { username = '', name = '' }: Contact,
): ReadonlyMap<SearchKind, string> {
  const terms = new Map<SearchKind, string>([['id', customer]]);
  if (fold(username) !== '') terms.set('username', fold(username));
  if (fold(name) !== '') terms.set('name', fold(name));
  return terms;
}

/** As one types it: without case, accents and forms of width, so that "zoe" finds "Zoë". */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trimStart()
    .slice(0, maxIndexedLength)
    .toWellFormed()
    .replaceAll('#', '＃');
}

export function readContact(item: Record<string, unknown>): Contact {
  return {
    ...(item.name !== undefined && { name: item.name as string }),
    ...(item.username !== undefined && { username: item.username as string }),
    ...(item.profile_pic !== undefined && { profilePic: item.profile_pic as string }),
    ...(item.is_miss === true && { isMiss: true as const }),
    readAtMs: item.read_at as number,
  };
}
