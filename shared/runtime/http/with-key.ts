import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { dynamodb } from '../clients/dynamodb.ts';
import { required } from '../environment.ts';
import { type ApiKey, keyId, keyStore, type Role } from '../keys.ts';
import { HttpError } from './http-error.ts';

/** Revoking a key takes at most this long. */
const maxAgeMs = 60_000;
const maxCached = 1_000;

const cache = new Map<string, { readonly key: ApiKey; readonly readAtMs: number }>();

async function findKey(presented: string): Promise<ApiKey | undefined> {
  const id = keyId(presented);
  const cached = cache.get(id);
  if (cached && Date.now() - cached.readAtMs < maxAgeMs) return cached.key;
  const key = await keyStore(dynamodb(), required('TABLE_NAME')).find(id);
  cache.delete(id);
  if (!key) return undefined;
  if (cache.size >= maxCached) cache.clear();
  cache.set(id, { key, readAtMs: Date.now() });
  return key;
}

/** What `withKey` leaves on the event for the handler. */
export interface Keyed {
  apiKey: ApiKey;
}

/**
 * Lets a request through that carries `Authorization: Bearer <key>` with a known key of the given role.
 * @throws HttpError 401 without a known key, 403 with one of another role.
 */
export function withKey(role: Role): MiddlewareObj<APIGatewayProxyEventV2 & Partial<Keyed>> {
  return {
    before: async ({ event }) => {
      const presented = /^Bearer +(\S+)\s*$/i.exec(event.headers.authorization ?? '')?.[1];
      if (!presented) {
        throw unauthorized(
          'missing_key',
          'Send an API key: the header "Authorization: Bearer <key>". "npm run keys -- create" makes one.',
        );
      }
      const key = await findKey(presented);
      if (!key) {
        throw unauthorized(
          'unknown_key',
          'This API key is not known here, or was revoked. "npm run keys -- list" shows the keys there are.',
        );
      }
      if (!key.roles.includes(role)) {
        throw new HttpError(403, 'wrong_role', `This API key lacks the role "${role}".`, {
          details: { needed: role, roles: key.roles },
        });
      }
      event.apiKey = key;
    },
  };
}

function unauthorized(code: string, message: string): HttpError {
  return new HttpError(401, code, message, { headers: { 'www-authenticate': 'Bearer' } });
}
