import { observeBriefly } from '../account/observe-briefly.ts';
import { type ReplyWindow, replyWindow } from '../conversations/reply-window.ts';
import { summaryStore } from '../conversations/summary-store.ts';
import type { ConversationKey } from '../conversations/table-keys.ts';
import { GraphError } from '../instagram/graph-errors.ts';
import { accountId, customerId } from '../instagram/ids.ts';
import { dynamodb } from '../runtime/clients/dynamodb.ts';
import { optional, required } from '../runtime/environment.ts';
import { errorFacts, log } from '../runtime/log.ts';
import { onceAMinute } from '../runtime/once-a-minute.ts';
import { secrets } from '../runtime/secrets.ts';
import type { OutgoingPart } from './send-row.ts';

/**
 * Refusals that hint at how the app, its access or the conversation's routing is set up.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
 */
const telling = ['1/99', '100/2534014', '100/2534037'];
const tellingCodes = [200, 2018300];
/** Outside the reply window: telling only where the window is open by what the customer wrote. */
const outsideWindow = ['10/2534022', '10/2018278'];

const maxReadMs = 1000;
const isDue = onceAMinute();

/**
 * Remembers a refusal by Meta that hints at the set-up, each kind once a minute a process.
 * @returns whether Meta called a reply window closed that is open here. It never throws.
 */
export async function observeRefusal(
  error: unknown,
  recipientId: string,
  tag?: OutgoingPart['tag'],
): Promise<{ readonly windowIsOpen: boolean }> {
  if (!(error instanceof GraphError)) return { windowIsOpen: false };
  const { code, error_subcode = 0 } = error.details;
  const refusal = `${code}/${error_subcode}`;
  const isOutside = outsideWindow.includes(refusal);
  const window = isOutside ? await windowOf(recipientId) : undefined;
  const windowIsOpen = window?.state === 'open';
  const isTelling = windowIsOpen || telling.includes(refusal) || tellingCodes.includes(code);
  if (isTelling && isDue(refusal)) await observeBriefly({ refusedSendAtMs: { [refusal]: Date.now() } });
  // Without the tag the seven days of a person's answers say nothing: that refusal was to be expected.
  const wasExpected = window?.state === 'human_agent' && tag === undefined;
  if (isOutside && !wasExpected) await rememberClosed(recipientId);
  return { windowIsOpen };
}

/** Meta knows best: the window reads as closed until the customer writes again. */
async function rememberClosed(recipientId: string): Promise<void> {
  try {
    const conversation = await conversationOf(recipientId);
    if (!conversation) return;
    await summaryStore(dynamodb(), required('TABLE_NAME')).raise(conversation, { refusedAtMs: Date.now() });
  } catch (error) {
    log.warn('a refusal could not be remembered', errorFacts(error));
  }
}

async function conversationOf(recipientId: string): Promise<ConversationKey | undefined> {
  const account = accountId((await secrets.graph()).ig_user_id);
  const customer = customerId(recipientId);
  return account && customer && { accountId: account, customerId: customer };
}

async function windowOf(recipientId: string): Promise<ReplyWindow | undefined> {
  try {
    const conversation = await conversationOf(recipientId);
    if (!conversation) return undefined;
    const summary = await summaryStore(dynamodb(), required('TABLE_NAME')).find(
      conversation,
      AbortSignal.timeout(maxReadMs),
    );
    return replyWindow(summary, Date.now(), optional('HUMAN_AGENT') === 'on');
  } catch (error) {
    log.warn('the reply window could not be read', errorFacts(error));
    return undefined;
  }
}
