import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { dynamodb } from '../clients/dynamodb.ts';
import { required } from '../environment.ts';
import { type ApiKey, keyId, keyStore, type Role } from '../keys.ts';
import { type Session, sessionId, sessionStore } from '../sessions.ts';
import { HttpError } from './http-error.ts';
import { rememberFor } from './remember.ts';
import { cookieWithout, isFromElsewhere, tokenFrom } from './session-cookie.ts';

/** Revoking a key, or ending a session elsewhere, takes at most this long. */
const maxAgeMs = 60_000;

const findKey = rememberFor(maxAgeMs, (id: string) => keyStore(dynamodb(), required('TABLE_NAME')).find(id));
const findSession = rememberFor(maxAgeMs, (id: string) =>
  sessionStore(dynamodb(), required('TABLE_NAME')).find(id, Date.now()),
);

/** What `withKey` leaves on the event for the handler. */
export interface Keyed {
  apiKey: ApiKey;
  /** Absent where the key itself came. */
  session?: Session | undefined;
}

/**
 * Lets a request through that carries `Authorization: Bearer <key>` with a known key of the given role, or the
 * cookie of a session that was opened with one.
 * @throws HttpError 401 without a known key, 403 with one of another role or from another origin's page.
 */
export function withKey(role: Role): MiddlewareObj<APIGatewayProxyEventV2 & Partial<Keyed>> {
  return {
    before: async ({ event }) => {
      const { apiKey, session } = await identify(event);
      if (!apiKey.roles.includes(role)) {
        throw new HttpError(403, 'wrong_role', `This API key lacks the role "${role}".`, {
          details: { needed: role, roles: apiKey.roles },
        });
      }
      event.apiKey = apiKey;
      if (session) event.session = session;
    },
  };
}

async function identify(event: APIGatewayProxyEventV2): Promise<Keyed> {
  const { authorization } = event.headers;
  const token = tokenFrom(event);
  if (authorization === undefined && token !== undefined) return bySession(event, token);
  const presented = /^Bearer +(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (!presented) {
    throw unauthorized(
      'missing_key',
      'Send an API key: the header "Authorization: Bearer <key>". "npm run keys -- create" makes one.',
    );
  }
  const apiKey = await findKey(keyId(presented));
  if (!apiKey) {
    throw unauthorized(
      'unknown_key',
      'This API key is not known here, or was revoked. "npm run keys -- list" shows the keys there are.',
    );
  }
  return { apiKey };
}

async function bySession(event: APIGatewayProxyEventV2, token: string): Promise<Keyed> {
  if (isFromElsewhere(event)) {
    throw new HttpError(
      403,
      'other_origin',
      'A session is good for the inbox alone: other pages and programs send an API key.',
    );
  }
  const session = await findSession(sessionId(token));
  const isOver = session === undefined || session.expiresAtMs <= Date.now();
  const apiKey = isOver ? undefined : await findKey(session.keyId);
  if (!session || !apiKey) {
    throw unauthorized(
      'session_ended',
      'The session has ended, or its key was revoked. Sign in again.',
      event,
    );
  }
  return { apiKey, session };
}

function unauthorized(code: string, message: string, event?: APIGatewayProxyEventV2): HttpError {
  return new HttpError(401, code, message, {
    headers: { 'www-authenticate': 'Bearer', ...(event && { 'set-cookie': cookieWithout(event) }) },
  });
}
