import { type AccessToken, inherited } from './access-tokens.ts';
import type { Conversation, Person } from './conversations.ts';
import type { Field } from './fields.ts';
import { brokenThread } from './graph-errors.ts';
import { asParty, type GraphNode, graphTime, node, show } from './graph-node.ts';
import { showMessage } from './message-node.ts';
import { fieldsText, type PageRequest, pageOf } from './paging.ts';
import { mayDo, requirePermissions, scopesOf } from './permissions.ts';
import { appOf } from './token-app.ts';
import type { Account, World } from './world.ts';

/** Who reads, and from where: needed for the addresses of next pages. */
export interface Reader {
  readonly world: World;
  readonly token: AccessToken;
  /** With the version of the request. */
  readonly baseUrl: string;
  /** Whose thread cannot be expanded in this call. */
  readonly brokenCustomerId: string | undefined;
}

type Body = Record<string, unknown>;

/** Graph tells more than id and time only for this many newest messages of a conversation. */
export const detailedMessages = 20;

export function isSelf(id: string, { account, login, state }: World): boolean {
  return id === 'me' || id === account.id || id === (login === 'facebook' ? state.pageId : state.appScopedId);
}

/** `me` is whatever the token belongs to: the Page, the person who logged in, or the account. */
export function showSelf(id: string, { world, token }: Reader, fields?: readonly Field[]): Body {
  const { account, login, state } = world;
  const names = { username: account.username, name: `${account.username} (simulated)` };
  if (login === 'instagram') {
    requirePermissions(world, token, 'read_account');
    const values = {
      id: state.appScopedId,
      user_id: account.id,
      ...names,
      account_type: state.switches.accountType,
      profile_picture_url: undefined,
      media_count: state.switches.posts.length,
    };
    return show(node('User', ['id'], values), fields);
  }
  if (id === account.id) {
    requirePermissions(world, token, 'read_account');
    return show(accountNode(account), fields);
  }
  if (id === state.userId || (id === 'me' && token.kind === 'user')) {
    return show(node('User', ['id', 'name'], { id: state.userId, name: 'The owner (simulated)' }), fields);
  }
  return show(page(world, token), fields);
}

/** The Pages of the person who logged in: one, or none that this token may see. */
export function showPages(reader: Reader, fields?: readonly Field[]): Body {
  if (!scopesOf(reader.token, reader.world).includes('pages_show_list')) return { data: [] };
  const shown = show(page(reader.world, reader.token), fields);
  const cursor = Buffer.from(reader.world.state.pageId).toString('base64url');
  return { data: [shown], paging: { cursors: { before: cursor, after: cursor } } };
}

/**
 * What a person granted the app.
 * https://developers.facebook.com/docs/graph-api/reference/user/permissions
 */
export function showPermissions({ world, token }: Reader): Body {
  const granted = scopesOf(token, world);
  const declined = token.scopes.filter((scope) => !granted.includes(scope));
  return {
    data: [
      ...granted.map((permission) => ({ permission, status: 'granted' })),
      ...declined.map((permission) => ({ permission, status: 'declined' })),
    ],
  };
}

/** The Instagram account, as Facebook login sees it. */
function accountNode({ id, username }: Account): GraphNode {
  return node('IGUser', ['id'], { id, username, name: `${username} (simulated)` });
}

function page(world: World, token: AccessToken): GraphNode {
  const { account, state } = world;
  // Without the permission the fields are left out, and nothing says why.
  const { pageLinked, accountType } = state.switches;
  const isTold = pageLinked && mayDo(world, token, 'read_account');
  const isProfessional = accountType !== 'PERSONAL';
  const values = {
    id: state.pageId,
    username: account.username,
    name: `${account.username} (simulated)`,
    tasks: ['MODERATE', 'MESSAGING', 'ANALYZE', 'ADVERTISE', 'CREATE_CONTENT', 'MANAGE'],
  };
  const { type, defaults, values: plain } = node('Page', ['id', 'name'], values);
  return {
    type,
    defaults,
    values: new Map([
      ...plain,
      ['instagram_business_account', ({ fields }) => linked(isTold && isProfessional, fields)],
      // Also of a personal account.
      ['connected_instagram_account', ({ fields }) => linked(isTold, fields)],
      ['access_token', () => pageToken()],
    ]),
  };

  function linked(isShown: boolean, fields: readonly Field[] | undefined): Body | undefined {
    return isShown ? show(accountNode(account), fields) : undefined;
  }

  /** It lives as long as the token that it is derived from, and without a date from a long-lived one. */
  function pageToken(): string {
    if (token.kind === 'page') return token.value;
    const held = state.tokens.find(account.accessToken);
    const isOfSameApp = held !== undefined && appOf(held, world) === appOf(token, world);
    if (token.isLongLived && isOfSameApp) return held.value;
    const expiresAtMs = token.isLongLived ? undefined : token.expiresAtMs;
    return state.tokens.issuePageToken({ expiresAtMs, ...inherited(token) }).value;
  }
}

/** Of somebody who blocked the business nothing is told. */
export function showProfile(person: Person, isBlocked: boolean, fields?: readonly Field[]): Body {
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
  const profile = show(node('IGBusinessScopedID', ['id', 'name', 'username'], values), fields);
  return isBlocked ? { id: person.id } : profile;
}

export function showConversation(
  conversation: Conversation,
  reader: Reader,
  fields?: readonly Field[],
): Body {
  const { customer } = conversation;
  const { account, state } = reader.world;
  const whole = <Value>(value: () => Value): Value => {
    if (customer.id === reader.brokenCustomerId) throw brokenThread();
    return value();
  };
  const values = new Map<string, (field: Field) => unknown>([
    ['id', () => conversation.id],
    ['updated_time', () => graphTime(conversation.updatedAtMs)],
    ['participants', () => whole(() => ({ data: [asParty(customer), asParty(account)] }))],
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
    ['is_owner', isOwner],
  ]);
  return show({ type: 'UnifiedThread', defaults: ['id', 'updated_time'], values }, fields);

  /** Only told where conversation routing is on. */
  function isOwner(): boolean | undefined {
    const { defaultAppId } = state.switches;
    if (defaultAppId === undefined) return undefined;
    const owner = state.threads.mayBeAnsweredBy(customer.id, conversation.lastWroteAtMs, defaultAppId);
    return owner === appOf(reader.token, reader.world);
  }
}

/** The messages edge. Ids and times of all; more only of the newest, as `detailedMessages` says. */
export function showMessages(
  conversation: Conversation,
  { world, token, baseUrl, brokenCustomerId }: Reader,
  asked: PageRequest,
  fields?: readonly Field[],
): Body {
  if (conversation.customer.id === brokenCustomerId) throw brokenThread();
  const edge = {
    url: `${baseUrl}/${conversation.id}/messages`,
    token: token.value,
    query: fields ? { fields: fieldsText(fields) } : {},
  };
  return pageOf(conversation.messages, asked, { defaultLimit: 25, maxLimit: 100 }, edge, (message, index) =>
    showMessage(message, conversation, world, index < detailedMessages ? fields : undefined),
  );
}
