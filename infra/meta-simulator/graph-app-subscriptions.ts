import { type SubscribedObject, subscribedObjects } from './app-subscriptions.ts';
import { GraphError, invalidParameter, unknownObject } from './graph-errors.ts';
import type { GraphRequest } from './graph-request.ts';
import { names } from './graph-settings.ts';
import { shakeHands } from './handshake.ts';
import { newChallenge } from './ids.ts';
import { checkAppToken } from './token-check.ts';
import { fieldsOf } from './webhook-updates.ts';
import type { World } from './world.ts';

type Parameters = Readonly<Record<string, unknown>>;

const newestVersion = 'v26.0';

/**
 * The app's own subscriptions, to whoever holds its id and secret. Throws `GraphError`.
 * https://developers.facebook.com/docs/graph-api/reference/application/subscriptions
 */
export async function appSubscriptions(world: World, request: GraphRequest): Promise<Parameters> {
  const { method, segments, query, body } = request;
  const [asked = ''] = segments;
  const appId = checkAppToken(world, request);
  if (asked !== appId && asked !== 'app') throw unknownObject(method, asked);
  const parameters = { ...Object.fromEntries(query), ...body };
  const isOwn = appId === world.state.appId;
  // The other app's set-up is not simulated beyond its tokens.
  if (method === 'GET') return { data: isOwn ? listed(world, request.version) : [] };
  if (!isOwn) throw unknownObject(method, asked);
  if (method === 'POST') return subscribe(world, parameters);
  if (method === 'DELETE') return unsubscribe(world, parameters);
  throw unknownObject(method, asked);
}

function listed({ subscriptions, readings }: World, version = newestVersion): readonly Parameters[] {
  return subscriptions.list().flatMap(([object, { callbackUrl, fields, active }]) => {
    if (callbackUrl === undefined) return [];
    if (object === 'instagram' && readings.appSubscriptionsOfInstagram === 'absent') return [];
    const shown =
      readings.appSubscriptionFields === 'names' ? fields : fields.map((name) => ({ name, version }));
    return [{ object, callback_url: callbackUrl, active, fields: shown }];
  });
}

async function subscribe(world: World, parameters: Parameters): Promise<Parameters> {
  const { subscriptions, random, readings, login } = world;
  const object = objectFrom(parameters.object, world);
  const callbackUrl = webAddress(parameters.callback_url);
  const fields = names(parameters.fields, 'fields');
  const unknown = fields.find((field) => object === 'instagram' && !isField(field, login));
  if (unknown !== undefined) throw invalidParameter(`Param fields has an unknown field: ${unknown}`);
  const { verify_token: verifyToken } = parameters;
  if (typeof verifyToken !== 'string' || verifyToken === '') {
    throw invalidParameter('The parameter verify_token is required');
  }
  const handshake = await shakeHands(callbackUrl, verifyToken, newChallenge(random), readings);
  if (!handshake.ok) {
    throw new GraphError(
      `(#2200) Callback verification failed with the following errors: ${handshake.why}`,
      2200,
    );
  }
  const { include_values: given } = parameters;
  // The page names no default; deliveries without values hold nothing that could be read.
  const includeValues = given === undefined || given === true || given === 'true';
  subscriptions.set(object, { callbackUrl, fields, verifyToken, includeValues, active: true });
  return { success: true };
}

/** All of the app's, one object, or some of its fields. */
function unsubscribe(world: World, parameters: Parameters): Parameters {
  const { subscriptions } = world;
  const objects =
    parameters.object === undefined ? subscribedObjects : [objectFrom(parameters.object, world)];
  const unticked = parameters.fields === undefined ? undefined : names(parameters.fields, 'fields');
  for (const object of objects) {
    const held = subscriptions.of(object);
    if (!unticked) subscriptions.remove(object);
    else if (held) {
      subscriptions.set(object, { fields: held.fields.filter((field) => !unticked.includes(field)) });
    }
  }
  return { success: true };
}

/** The reference's own list of objects omits `instagram`. */
function objectFrom(given: unknown, { readings }: World): SubscribedObject {
  const known = subscribedObjects.filter(
    (object) => object !== 'instagram' || readings.appSubscriptionsOfInstagram === 'listed',
  );
  const object = known.find((each) => each === given);
  if (!object) throw invalidParameter(`Param object must be one of {${known.join(', ')}}`);
  return object;
}

function isField(field: string, login: World['login']): boolean {
  return fieldsOf(login).some((known) => known === field);
}

function webAddress(given: unknown): string {
  const url = typeof given === 'string' ? URL.parse(given) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalidParameter('Param callback_url must be a valid URL');
  return url.href;
}
