import type { AccessToken } from './access-tokens.ts';
import { GraphError, type Login } from './graph-errors.ts';
import type { Readings } from './readings.ts';
import type { World } from './world.ts';

/**
 * What a login grants when the person agrees to all that the app asks for.
 * https://developers.facebook.com/docs/instagram-platform/overview
 */
export const permissionsOf: Readonly<Record<Login, readonly string[]>> = {
  facebook: [
    'pages_show_list',
    'pages_messaging',
    'pages_read_engagement',
    'pages_manage_metadata',
    'instagram_basic',
    'instagram_manage_messages',
  ],
  instagram: ['instagram_business_basic', 'instagram_business_manage_messages'],
};

/** Needed for comments alone, so an app that only answers messages does not ask for it. */
export const commentPermissionOf: Readonly<Record<Login, string>> = {
  facebook: 'instagram_manage_comments',
  instagram: 'instagram_business_manage_comments',
};

/** What a call does, as far as permissions go. */
export type Purpose = 'read_account' | 'read_messages' | 'send' | 'subscribe' | 'subscribe_comments';

const needed: Readonly<Record<Login, Readonly<Record<Purpose, readonly string[]>>>> = {
  facebook: {
    read_account: ['instagram_basic'],
    read_messages: ['instagram_manage_messages', 'pages_read_engagement'],
    send: ['pages_messaging', 'instagram_manage_messages'],
    subscribe: ['pages_manage_metadata'],
    // The Instagram fields are chosen in the dashboard: the call names a Page field alone.
    subscribe_comments: ['pages_manage_metadata'],
  },
  instagram: {
    read_account: ['instagram_business_basic'],
    read_messages: ['instagram_business_manage_messages'],
    send: ['instagram_business_manage_messages'],
    subscribe: ['instagram_business_manage_messages'],
    subscribe_comments: ['instagram_business_manage_comments'],
  },
};

const ofMessages: readonly string[] = [
  'pages_messaging',
  'instagram_manage_messages',
  'instagram_business_manage_messages',
];
const ofSubscribing: readonly string[] = ['pages_manage_metadata', 'instagram_business_manage_comments'];

/** What the token may do now: what it was issued with, and what its owner granted or took back since. */
export function scopesOf(token: AccessToken, { state }: Pick<World, 'state'>): readonly string[] {
  const { grantedPermissions, missingPermissions } = state.switches;
  return [...new Set([...token.scopes, ...grantedPermissions])].filter(
    (scope) => !missingPermissions.includes(scope),
  );
}

export function mayDo(world: World, token: AccessToken, purpose: Purpose): boolean {
  return missing(world, token, purpose) === undefined;
}

/** Throws `GraphError` that names the first permission that the call lacks. */
export function requirePermissions(world: World, token: AccessToken, purpose: Purpose): void {
  const lacked = missing(world, token, purpose);
  if (lacked !== undefined) throw permissionMissing(lacked, world.readings);
}

function missing(world: World, token: AccessToken, purpose: Purpose): string | undefined {
  const scopes = scopesOf(token, world);
  return needed[world.login][purpose].find((permission) => !scopes.includes(permission));
}

/**
 * Meta's guide gives 10 and 200 to 299 to missing permissions, and says of no edge which it answers. Reports
 * have 200 of `subscribed_apps`, 200 and 230 of messages; 10 for the rest is our choice.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
function permissionMissing(permission: string, { missingPermissionOfMessages }: Readings): GraphError {
  if (ofMessages.includes(permission)) return requires(missingPermissionOfMessages, permission);
  if (ofSubscribing.includes(permission)) return requires(200, permission);
  return new GraphError(`(#10) This endpoint requires the '${permission}' permission`, 10);
}

function requires(code: 10 | 200 | 230, permission: string): GraphError {
  if (code === 10) return new GraphError('(#10) Application does not have permission for this action', 10);
  return new GraphError(`(#${code}) Requires ${permission} permission to manage the object`, code);
}
