import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import type { SendId } from '../../shared/sending/send-row.ts';
import { viewSend } from '../../shared/sending/send-view.ts';
import { storedMessagesOf } from '../../shared/sending/stored-messages.ts';
import { getSendPath } from './request.ts';

/** The state of a send, and what Meta has told of its messages since. */
export const handler = apiHandler('read', { path: getSendPath }, async ({ path }) => {
  const row = await sendLedger(dynamodb(), required('TABLE_NAME')).find(path.send_id as SendId);
  if (!row) {
    throw new HttpError(404, 'unknown_send', 'There is no send of this id: sends are kept for 30 days.');
  }
  return success({ data: viewSend(row, await storedMessagesOf(row)) });
});
