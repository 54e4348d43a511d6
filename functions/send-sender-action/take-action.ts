import { callBudget } from '../../shared/conversations/call-budget.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import { countingFailures } from '../../shared/instagram/count-failures.ts';
import { graph } from '../../shared/instagram/graph-client.ts';
import { withCurrentToken } from '../../shared/instagram/with-current-token.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { throttleOf } from '../../shared/sending/throttle.ts';
import { explainRefusal } from './explain-refusal.ts';
import type { SenderActionRequest } from './request.ts';
import { wireAction } from './wire-action.ts';

/** An action that comes late is of no use. */
const longestWaitMs = 5_000;
const timeoutMs = 15_000;

/**
 * Has Meta do it, within the limits that messages share. For Instagram login one of Meta's pages names the host of
 * Facebook login; this asks graph.instagram.com, as for messages. MP §3.6
 * @returns Meta's time of its answer, in ms; ours where it told none.
 * @throws HttpError for what Meta refuses, or when no turn came.
 */
export async function takeAction(request: SenderActionRequest, customer: ConversationKey): Promise<number> {
  const budget = callBudget(dynamodb(), required('TABLE_NAME'), customer.accountId);
  if (!(await budget.wait('text', Date.now() + longestWaitMs))) throw tooBusy();
  const body = wireAction(request, customer.customerId);
  try {
    const { headers } = await countingFailures(
      withCurrentToken((secret) => graph.postWithHeaders(secret, { path: '/me/messages', body, timeoutMs })),
    );
    const told = Date.parse(headers.date ?? '');
    return Number.isNaN(told) ? Date.now() : told;
  } catch (error) {
    const throttle = throttleOf(error);
    if (throttle) {
      await budget.holdAllUntil(Date.now() + throttle.holdMs, throttle.which === 'all' ? 'all' : 'sends');
    }
    throw await explainRefusal(error, request, customer.customerId);
  }
}

const tooBusy = () =>
  new HttpError(
    429,
    'rate_limited',
    "So much is being sent that this action's turn did not come. Nothing was done.",
    {
      headers: { 'retry-after': '5' },
    },
  );
