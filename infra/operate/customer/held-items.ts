import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import {
  conversationPartition,
  messagePrefix,
  midOf,
  peoplePartition,
} from '../../../shared/conversations/table-keys.ts';
import { customerId } from '../../../shared/instagram/ids.ts';
import { type SendRow, threadOf } from '../../../shared/sending/send-row.ts';
import type { Person } from './person.ts';

export type Item = Record<string, unknown>;

/** Kinds of items that hold something of one customer, in the order in which they are erased. */
export const itemKinds = [
  'message',
  'send',
  'claim of a send',
  'line of sends',
  'entry without a conversation',
  'search entry',
  'contact',
  'automatic replies',
  'summary',
  'alias',
] as const;
export type ItemKind = (typeof itemKinds)[number];

export interface HeldItem {
  readonly kind: ItemKind;
  readonly pk: string;
  readonly sk: string;
  readonly item: Item;
}

export interface Held {
  readonly items: readonly HeldItem[];
  /** Items that name the person and belong to somebody else, such as a message of another customer. */
  readonly mentions: number;
}

const tellEvery = 50_000;

/**
 * Finds all that the table holds of one person. A scan, since no key leads from a customer to the sends that failed,
 * nor to what names them and is of a kind that this version does not know. The functions may not scan: this is for
 * the owner's commands, by the owner's credentials.
 */
export async function findHeld(
  client: DynamoDBDocumentClient,
  tableName: string,
  person: Person,
  onProgress: (progress: string) => void = () => {},
): Promise<Held> {
  const items: HeldItem[] = [];
  /** Of these the key alone does not tell whose they are. */
  const candidates: HeldItem[] = [];
  let mentions = 0;
  let scanned = 0;
  let told = 0;
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) {
      const key = { pk: String(item.pk), sk: String(item.sk) };
      const kind = kindOf(item, person);
      if (isCandidate(key.pk)) candidates.push({ kind: candidateKind(key.pk), ...key, item });
      else if (kind !== undefined) items.push({ kind, ...key, item });
      else if (person.isNamedIn(JSON.stringify(item))) mentions += 1;
    }
    scanned += page.Items?.length ?? 0;
    if (scanned - told >= tellEvery) {
      told = scanned;
      onProgress(`${scanned} items of the table looked at`);
    }
  }
  const ours = partitionsOf(items, person);
  return { items: inOrder([...items, ...candidates.filter(({ pk }) => ours.has(pk))], person), mentions };
}

const isCandidate = (pk: string) => pk.startsWith('claim#') || /^thread#[^.]+\.comment\./.test(pk);
const candidateKind = (pk: string): ItemKind =>
  pk.startsWith('claim#') ? 'claim of a send' : 'line of sends';

function kindOf(item: Item, person: Person): ItemKind | undefined {
  const [pk, sk] = [String(item.pk), String(item.sk)];
  const { account, ids } = person;
  const isOf = (partition: (id: string) => string) => ids.some((id) => pk === partition(id));
  if (isOf((id) => conversationPartition({ accountId: account, customerId: id as never }))) {
    if (sk.startsWith(messagePrefix)) return 'message';
    if (sk === 'auto_reply') return 'automatic replies';
    return sk === 'contact' || sk === 'alias' ? sk : 'summary';
  }
  if (pk === peoplePartition(account)) {
    const customer = customerId(item.customer_id);
    return customer && ids.includes(customer) ? 'search entry' : undefined;
  }
  if (pk.startsWith('send#')) return isSendTo(rowOf(item), person) ? 'send' : undefined;
  if (isOf((id) => `thread#${account}.${id}`)) return 'line of sends';
  if (pk.startsWith('unaddressed#')) {
    return person.isNamedIn(String(item.raw)) ? 'entry without a conversation' : undefined;
  }
  return undefined;
}

export const rowOf = (item: Item) => JSON.parse(String(item.row)) as Omit<SendRow, 'sendId' | 'revision'>;

function isSendTo(
  { addressee, sentParts }: Pick<SendRow, 'addressee' | 'sentParts'>,
  { ids }: Person,
): boolean {
  const known = new Set<string>(ids);
  return (
    ('customerId' in addressee && known.has(addressee.customerId)) ||
    sentParts.some(({ recipientId }) => known.has(recipientId))
  );
}

/** Partitions that a message or a send of the person's leads to: its claim, and the line of the comment it answers. */
function partitionsOf(items: readonly HeldItem[], { account }: Person): ReadonlySet<string> {
  const claim = (mid: string) => `claim#${account}#${mid}`;
  return new Set(
    items.flatMap(({ kind, sk, item }) => {
      if (kind === 'message') return [claim(midOf(sk))];
      if (kind !== 'send') return [];
      const row = rowOf(item);
      return [...row.sentParts.map(({ messageId }) => claim(messageId)), `thread#${threadOf(row)}`];
    }),
  );
}

/** Leads from one id of the person to the others. */
export const isLink = ({ kind }: HeldItem): boolean => kind === 'summary' || kind === 'alias';

/** Last what leads to the rest: the conversations of the ids in the order of the person's. */
function inOrder(items: readonly HeldItem[], { account, ids }: Person): readonly HeldItem[] {
  const partitions = ids.map((id) => conversationPartition({ accountId: account, customerId: id }));
  const rank = (held: HeldItem) =>
    isLink(held) ? itemKinds.length + partitions.indexOf(held.pk) : itemKinds.indexOf(held.kind);
  return items.toSorted((a, b) => rank(a) - rank(b));
}
