import type { AccessToken } from './access-tokens.ts';
import { invalidParameter } from './graph-errors.ts';
import { isRecord } from './graph-request.ts';
import { newAttachmentId } from './ids.ts';
import { parseMessage } from './message-content.ts';
import { checkMedia } from './outgoing-media.ts';
import { requirePermissions } from './permissions.ts';
import { sendErrors } from './send-errors.ts';
import { appOf } from './token-app.ts';
import type { World } from './world.ts';

type Parameters = Readonly<Record<string, unknown>>;
type Method = 'GET' | 'POST' | 'DELETE';

const maxIceBreakers = 4;
const profileProperties = ['ice_breakers', 'persistent_menu'] as const;

/** https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram */
const instagramFields: readonly string[] = [
  'messages',
  'message_echoes',
  'message_reactions',
  'message_edit',
  'messaging_postbacks',
  'messaging_seen',
  'messaging_referral',
  'messaging_optins',
  'messaging_handover',
  'standby',
  'comments',
  'live_comments',
  'mentions',
  'story_insights',
];

const commentFields: readonly string[] = ['comments', 'live_comments'];

/**
 * Which fields are delivered for the account to the token's app. Under Facebook login any field of the Page will do: those of
 * Instagram are chosen in the dashboard.
 */
export function subscribedApps(
  world: World,
  token: AccessToken,
  method: Method,
  parameters: Parameters,
): Parameters {
  const { state, login, readings } = world;
  const appId = appOf(token, world);
  if (login === 'facebook') requirePermissions(world, token, 'subscribe');
  if (method === 'DELETE') {
    state.unsubscribe(appId);
    return { success: true };
  }
  if (method === 'POST') {
    const fields = names(parameters.subscribed_fields, 'subscribed_fields');
    const unknown = fields.find((field) => login === 'instagram' && !instagramFields.includes(field));
    if (unknown !== undefined) {
      throw invalidParameter(`Param subscribed_fields must be one of {${instagramFields.join(', ')}}`);
    }
    const ofComments = fields.filter((field) => commentFields.includes(field));
    if (ofComments.length > 0) requirePermissions(world, token, 'subscribe_comments');
    if (ofComments.length < fields.length) requirePermissions(world, token, 'subscribe');
    state.subscribe(fields, appId);
    return { success: true };
  }
  const fields = state.subscribedFieldsOf(appId);
  if (!fields) return { data: [] };
  const app = { id: appId, name: appId === state.appId ? 'Simulated app' : 'Another app' };
  const hidesFields = login === 'instagram' && readings.subscribedAppsShape === 'without_fields';
  return { data: [hidesFields ? app : { ...app, subscribed_fields: fields }] };
}

/** Ice breakers and the persistent menu. */
export function messengerProfile(world: World, method: Method, parameters: Parameters): Parameters {
  const { messengerProfile: held } = world.state;
  if (method === 'GET') {
    const asked = parameters.fields === undefined ? [] : names(parameters.fields, 'fields');
    const told = [...held].filter(([name]) => asked.length === 0 || asked.includes(name));
    return { data: told.length === 0 ? [] : [Object.fromEntries(told)] };
  }
  if (method === 'DELETE') {
    for (const name of names(parameters.fields, 'fields')) held.delete(name);
    return { result: 'success' };
  }
  if (world.login === 'facebook' && parameters.platform !== 'instagram') {
    throw invalidParameter('Param platform must be instagram');
  }
  const given = profileProperties.filter((name) => parameters[name] !== undefined);
  if (given.length === 0) throw invalidParameter(`One of ${profileProperties.join(', ')} is required`);
  for (const name of given) checkProfileProperty(name, parameters[name]);
  for (const name of given) held.set(name, parameters[name]);
  return { result: 'success' };
}

function checkProfileProperty(name: (typeof profileProperties)[number], value: unknown): void {
  if (!Array.isArray(value) || value.length === 0) throw invalidParameter(`Param ${name} must be a list`);
  if (name === 'persistent_menu') {
    if (value.every((menu) => isRecord(menu) && Array.isArray(menu.call_to_actions))) return;
    throw invalidParameter('Param persistent_menu[call_to_actions] must be a list');
  }
  if (value.length > maxIceBreakers) {
    throw invalidParameter(`Param ice_breakers must have at most ${maxIceBreakers} elements`);
  }
  const isWhole = value.every(
    (item) => isRecord(item) && typeof item.question === 'string' && typeof item.payload === 'string',
  );
  if (!isWhole) throw invalidParameter('Param ice_breakers must hold a question and a payload each');
}

/** Uploads a file once, to send it by its id. */
export async function uploadAttachment(world: World, { message }: Parameters): Promise<Parameters> {
  const { media } = parseMessage(message, world);
  const [file, ...more] = media;
  if (!file || more.length > 0) throw sendErrors.invalidData('One file by its url is required.');
  await checkMedia(file.type, file.url, world.readings);
  const id = newAttachmentId(world.random);
  world.state.uploads.set(id, { id, ...file });
  return { attachment_id: id };
}

/** A list, or its names with commas between them. Throws `GraphError` 100 when there is none. */
export function names(value: unknown, parameter: string): readonly string[] {
  const listed: readonly unknown[] =
    typeof value === 'string'
      ? value.split(',').map((name) => name.trim())
      : Array.isArray(value)
        ? value
        : [];
  const found = listed.filter((name): name is string => typeof name === 'string' && name !== '');
  if (found.length === 0 || found.length < listed.length) {
    throw invalidParameter(`The parameter ${parameter} is required`);
  }
  return found;
}
