import { aliasStore } from '../../shared/conversations/alias-store.ts';
import { accountId, type CustomerId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { keyIdStart } from '../../shared/runtime/keys.ts';
import { log } from '../../shared/runtime/log.ts';
import { NotConnectedError, secrets } from '../../shared/runtime/secrets.ts';
import { isReacting, keepReaction } from './keep-reaction.ts';
import { senderActionRequest } from './request.ts';
import { takeAction } from './take-action.ts';

/** Shows that the business types or has read, or reacts to a message. It may be repeated without harm. */
export const handler = apiHandler(
  'send',
  { body: senderActionRequest },
  async ({ body, apiKey, requestId }) => {
    const account = accountId((await secrets.graph()).ig_user_id);
    if (!account) throw new NotConnectedError('IG_USER_ID is no id');
    const asked = { accountId: account, customerId: body.recipient_id as CustomerId };
    const customer = await aliasStore(dynamodb(), required('TABLE_NAME')).canonicalOf(asked);
    const doneAtMs = await takeAction(body, customer);
    if (isReacting(body)) await keepReaction(body, customer, doneAtMs);
    log.info('sender action', { request_id: requestId, key: keyIdStart(apiKey.id), action: body.action });
    return success({ data: { recipient_id: customer.customerId } });
  },
);
