import { replyWindow } from '../../shared/conversations/reply-window.ts';
import { summaryStore } from '../../shared/conversations/summary-store.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { optional, required } from '../../shared/runtime/environment.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import type { SendRow } from '../../shared/sending/send-row.ts';
import { checkUploads } from './check-uploads.ts';
import type { SendMessageRequest } from './request.ts';
import { windowRefusal } from './window-refusal.ts';

/**
 * What need not be asked of Meta. A replayed send passes none of it: its outcome stands.
 * @throws HttpError 400 outside the reply window or for an upload that cannot be sent, 400 or 403 for a tag that this
 * gateway or this key may not use.
 */
export async function checkBeforeSending(request: SendMessageRequest, row: SendRow): Promise<void> {
  const { tag, force, message } = request;
  if (tag !== undefined) checkMayTag(row.sentBy.kind);
  if (typeof message !== 'string') await checkUploads(message);
  if (!('customerId' in row.addressee) || (force === true && tag === undefined)) return;
  const summary = await summaryStore(dynamodb(), required('TABLE_NAME')).find({
    accountId: row.accountId,
    customerId: row.addressee.customerId,
  });
  const refusal = windowRefusal(request, replyWindow(summary, Date.now(), mayUseHumanAgent()));
  if (refusal) throw refusal;
}

const mayUseHumanAgent = () => optional('HUMAN_AGENT') === 'on';

/** Meta bars a business that lets a program answer under this tag. MP §3.10 */
function checkMayTag(kind: SendRow['sentBy']['kind']): void {
  if (kind !== 'human') {
    throw new HttpError(
      403,
      'human_key_needed',
      'HUMAN_AGENT is for replies by a person: use an API key of the kind "human" ("npm run keys -- create --kind human").',
    );
  }
  if (!mayUseHumanAgent()) {
    throw new HttpError(
      400,
      'human_agent_off',
      'HUMAN_AGENT is off: Meta must approve the Human Agent feature for the app. Then set HUMAN_AGENT=on.',
    );
  }
}
