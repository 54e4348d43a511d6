import type { Conversation, HeldMessage, Person } from './conversations.ts';
import type { Field } from './fields.ts';
import { type Login, unknownField } from './graph-errors.ts';
import { fieldsText, type PageRequest, pageOf } from './paging.ts';
import type { Account } from './world.ts';

/** Who reads, and from where: needed for the addresses of next pages. */
export interface Reader {
  readonly account: Account;
  readonly login: Login;
  readonly token: string;
  /** With the version of the request. */
  readonly baseUrl: string;
}

interface GraphNode {
  readonly type: string;
  readonly defaults: readonly string[];
  /** A value per field; `undefined` leaves a known field out, as Graph does where there is nothing to tell. */
  readonly values: ReadonlyMap<string, (field: Field) => unknown>;
}

/** Graph tells more than id and time only for this many newest messages of a conversation. */
export const detailedMessages = 20;

/** The Page that a Facebook-login token belongs to, and the app-scoped id under Instagram login: numbers of
 * their own, so that whoever mistakes them for the account's id finds out here. */
const pageId = '104000000000001';
const appScopedId = '28900000000000001';

export function showSelf({ account, login }: Reader, fields?: readonly Field[]): Record<string, unknown> {
  const names = { username: account.username, name: `${account.username} (simulated)` };
  return login === 'instagram'
    ? show(node('User', ['id'], { id: appScopedId, user_id: account.id, ...names }), fields)
    : show(
        node('Page', ['id', 'name'], {
          id: pageId,
          ...names,
          instagram_business_account: { id: account.id },
        }),
        fields,
      );
}

export function showProfile(person: Person, fields?: readonly Field[]): Record<string, unknown> {
  const values = {
    id: person.id,
    name: person.name ?? null,
    username: person.username,
    profile_pic: null,
    follower_count: 0,
    is_user_follow_business: false,
    is_business_follow_user: false,
    is_verified_user: false,
  };
  return show(node('IGBusinessScopedID', ['id', 'name', 'username'], values), fields);
}

export function showConversation(
  conversation: Conversation,
  reader: Reader,
  fields?: readonly Field[],
): Record<string, unknown> {
  const values = new Map<string, (field: Field) => unknown>([
    ['id', () => conversation.id],
    ['updated_time', () => graphTime(conversation.updatedAtMs)],
    ['participants', () => ({ data: [asParty(conversation.customer), asParty(reader.account)] })],
    [
      'messages',
      ({ modifiers, fields: wanted }) =>
        showMessages(
          conversation,
          reader,
          { limit: modifiers.get('limit'), after: modifiers.get('after') },
          wanted,
        ),
    ],
    // Only told where conversation routing is on.
    ['is_owner', () => undefined],
  ]);
  return show({ type: 'UnifiedThread', defaults: ['id', 'updated_time'], values }, fields);
}

/** The messages edge. Ids and times of all; more only of the newest, as `detailedMessages` says. */
export function showMessages(
  conversation: Conversation,
  reader: Reader,
  page: PageRequest,
  fields?: readonly Field[],
): Record<string, unknown> {
  const edge = {
    url: `${reader.baseUrl}/${conversation.id}/messages`,
    token: reader.token,
    query: fields ? { fields: fieldsText(fields) } : {},
  };
  return pageOf(conversation.messages, page, { defaultLimit: 25, maxLimit: 100 }, edge, (message, index) =>
    showMessage(message, conversation, reader, index < detailedMessages ? fields : undefined),
  );
}

export function showMessage(
  message: HeldMessage,
  { customer }: Conversation,
  { account }: Reader,
  fields?: readonly Field[],
): Record<string, unknown> {
  const [from, to] = message.fromBusiness ? [account, customer] : [customer, account];
  const values = {
    id: message.id,
    created_time: graphTime(message.sentAtMs),
    from: asParty(from),
    to: { data: [asParty(to)] },
    message: message.text ?? '',
    reply_to: message.replyToMid === undefined ? undefined : { mid: message.replyToMid },
    is_unsupported: undefined,
    attachments: undefined,
    shares: undefined,
    story: undefined,
    reactions: undefined,
    sticker: undefined,
    tags: undefined,
  };
  return show(node('Message', ['id', 'created_time'], values), fields);
}

/** `2025-07-28T22:44:49+0000`, to the second. */
function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`;
}

function asParty({ id, username }: Pick<Person, 'id' | 'username'>): Record<string, unknown> {
  return { username, id };
}

function node(type: string, defaults: readonly string[], values: Record<string, unknown>): GraphNode {
  return {
    type,
    defaults,
    values: new Map(Object.entries(values).map(([name, value]) => [name, () => value])),
  };
}

function show(
  { type, defaults, values }: GraphNode,
  fields: readonly Field[] = defaults.map(plainField),
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  // Graph answers every node with its id, asked for or not.
  const wanted = fields.some(({ name }) => name === 'id') ? fields : [...fields, plainField('id')];
  for (const field of wanted) {
    const read = values.get(field.name);
    if (!read) throw unknownField(field.name, type);
    const value = read(field);
    if (value !== undefined) shown[field.name] = value;
  }
  return shown;
}

function plainField(name: string): Field {
  return { name, modifiers: new Map(), fields: undefined };
}
