import { finding } from '../findings.ts';
import { describeFailure, isRefusal } from '../graph-reading.ts';
import type { ConversationsReading } from '../read-conversations.ts';
import type { Seen } from '../seen.ts';
import { at } from '../words.ts';
import { type Check, found, nothing, type Said } from './check.ts';
import { likelyCause, recentRefusals } from './likely.ts';
import { permissionRefusal } from './permissions.ts';
import { unread } from './token.ts';

/** Whether the messages may be read, and answered by this app. */
export const checkConversations: Check = (seen) => {
  const conversations = seen.meta?.conversations;
  if (!conversations) return nothing;
  if (conversations.ok) return checkRead(seen, conversations.value);
  const { failure } = conversations;
  if (isRefusal(failure, 200, 2534041)) {
    return found(finding('message_access_off', describeFailure(failure)));
  }
  if (isRefusal(failure, 100, 2534013)) {
    // Of a linked account that is no professional one the same is said.
    return isLinked(seen) ? nothing : found(finding('page_not_linked', describeFailure(failure)));
  }
  return permissionRefusal(conversations) === undefined ? unread('the conversations', failure) : nothing;
};

function checkRead(seen: Seen, { isEmpty, asked, heldByOthers }: ConversationsReading): Said {
  const refused = recentRefusals(seen).filter(({ code, subcode }) => code === 2018300 || subcode === 2534037);
  if (heldByOthers > 0 || refused.length > 0) {
    return found(
      finding(
        'thread_held_by_other_app',
        heldByOthers > 0
          ? `Another app holds ${heldByOthers} of the ${asked} newest conversations.`
          : 'Meta refused to send, since another app holds the conversation.',
        refused.map(({ name, atMs }) => `A send was refused with ${name} at ${at(atMs)}.`),
      ),
    );
  }
  // What hides the conversations is the finding then, not that there are none.
  if (!isEmpty || likelyCause(seen)) return nothing;
  return found(finding('no_conversations', 'Meta lists none to this token.'));
}

function isLinked({ meta }: Seen): boolean {
  const account = meta?.account.ok ? meta.account.value : undefined;
  return account?.kind === 'page' && account.connectedAccountId !== undefined;
}
