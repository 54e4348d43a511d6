import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { byRoute } from '../../shared/runtime/http/by-route.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { cookieWith, cookieWithout } from '../../shared/runtime/http/session-cookie.ts';
import type { ApiKey } from '../../shared/runtime/keys.ts';
import { sessionStore } from '../../shared/runtime/sessions.ts';

const sessions = () => sessionStore(dynamodb(), required('TABLE_NAME'));

/** Swaps a key for a session's cookie, tells whose it is, and ends it. */
export const handler = byRoute({
  'POST /api/session': apiHandler('read', {}, async ({ apiKey, session, event }) => {
    // Else a session could prolong itself for good.
    if (session) {
      throw new HttpError(
        401,
        'missing_key',
        'A session is opened with an API key: the header "Authorization: Bearer <key>".',
      );
    }
    const opened = await sessions().open(apiKey.id, Date.now());
    return {
      ...success({ data: view(apiKey, opened.session.expiresAtMs) }),
      cookies: [cookieWith(event, opened.token)],
    };
  }),
  'GET /api/session': apiHandler('read', {}, async ({ apiKey, session }) =>
    success({ data: view(apiKey, session?.expiresAtMs) }),
  ),
  'DELETE /api/session': apiHandler('read', {}, async ({ session, event }) => {
    if (session) await sessions().end(session.id, Date.now());
    return { ...success({}), cookies: [cookieWithout(event)] };
  }),
});

/** As much of a key's id as "npm run keys -- list" shows. */
const shownDigits = 12;

const view = ({ id, name, kind, roles }: ApiKey, expiresAtMs?: number) => ({
  key_id: id.slice(0, shownDigits),
  name,
  kind,
  roles,
  ...(expiresAtMs !== undefined && { expires_at: new Date(expiresAtMs).toISOString() }),
});
