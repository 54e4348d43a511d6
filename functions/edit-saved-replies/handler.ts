import { randomUUID } from 'node:crypto';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { byRoute } from '../../shared/runtime/http/by-route.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { saveRepliesRequest } from './request.ts';
import { savedReplyStore } from './saved-replies.ts';

const store = () => savedReplyStore(dynamodb(), required('TABLE_NAME'));

export const handler = byRoute({
  'GET /api/saved-replies': apiHandler('read', {}, async () => {
    const { replies, version } = await store().read();
    return success({ data: replies, version });
  }),
  'PUT /api/saved-replies': apiHandler('send', { body: saveRepliesRequest }, async ({ body }) => {
    const replies = body.replies.map(({ id, title, text }) => ({ id: id ?? randomUUID(), title, text }));
    const ids = new Set(replies.map(({ id }) => id));
    if (ids.size < replies.length) {
      throw new HttpError(400, 'invalid_request', 'Two replies have the same id.');
    }
    const version = await store().replace(replies, body.version);
    if (version === undefined) {
      throw new HttpError(
        409,
        'changed_meanwhile',
        'Somebody changed the saved replies since. Read them again, and change those.',
      );
    }
    return success({ data: replies, version });
  }),
});
