import { replyWindow } from '../../shared/conversations/reply-window.ts';
import { summaryStore } from '../../shared/conversations/summary-store.ts';
import { viewReplyWindow } from '../../shared/conversations/views.ts';
import { explainGraphError } from '../../shared/instagram/graph-error-catalogue.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { optional, required } from '../../shared/runtime/environment.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import type { SendRow } from '../../shared/sending/send-row.ts';
import type { SendMessageRequest } from './request.ts';

/**
 * What need not be asked of Meta. A replayed send passes none of it: its outcome stands.
 * @throws HttpError 400 outside the reply window.
 */
export async function checkBeforeSending(request: SendMessageRequest, row: SendRow): Promise<void> {
  if (request.force === true || !('customerId' in row.addressee)) return;
  const summary = await summaryStore(dynamodb(), required('TABLE_NAME')).find({
    accountId: row.accountId,
    customerId: row.addressee.customerId,
  });
  const window = replyWindow(summary, Date.now(), optional('HUMAN_AGENT') === 'on');
  // Only what the store has seen end is refused here: what it has not seen may have been missed.
  if (window.state !== 'closed') return;
  const { name, remedy, status } = explainGraphError(10, 2534022);
  throw new HttpError(status, name, `${remedy} To try all the same, send "force": true.`, {
    details: viewReplyWindow(window),
  });
}
