import type { ReplyWindow } from '../../shared/conversations/reply-window.ts';
import { viewReplyWindow } from '../../shared/conversations/views.ts';
import { explainGraphError } from '../../shared/instagram/graph-error-catalogue.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';

const orForce = 'To try all the same, send "force": true.';

/**
 * Why the reply window does not let a message through; `undefined` where it does, or where Meta is to decide. What
 * the store has not seen may have been missed: without the tag only a window that was seen to end is refused.
 */
export function windowRefusal(
  { tag, force = false }: { readonly tag?: 'HUMAN_AGENT' | undefined; readonly force?: boolean | undefined },
  window: ReplyWindow,
): HttpError | undefined {
  const refusal = tag === undefined ? untagged(window) : tagged(window);
  if (!refusal || (force && refusal.canBeForced)) return undefined;
  return new HttpError(400, refusal.code, refusal.message, { details: viewReplyWindow(window) });
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly canBeForced: boolean;
}

function untagged({ state }: ReplyWindow): Refusal | undefined {
  if (state !== 'closed' && state !== 'human_agent') return undefined;
  const { name, remedy } = explainGraphError(10, 2534022);
  const orTag =
    state === 'human_agent'
      ? ' A person may still answer, with a key of the kind "human" and "tag": "HUMAN_AGENT".'
      : '';
  return { code: name, message: `${remedy}${orTag} ${orForce}`, canBeForced: true };
}

/** https://developers.facebook.com/docs/features-reference/human-agent */
function tagged({ state }: ReplyWindow): Refusal | undefined {
  switch (state) {
    case 'human_agent':
      return undefined;
    case 'open':
      return {
        code: 'human_agent_not_needed',
        message: 'This customer wrote within the last 24 hours: send it without the tag.',
        canBeForced: false,
      };
    case 'closed':
      return {
        code: 'outside_human_agent_window',
        message: `With HUMAN_AGENT a person may answer within seven days of the customer's last message. Those are over, or Meta refused: wait until they write again. ${orForce}`,
        canBeForced: true,
      };
    case 'never_opened':
    case 'unknown':
      return {
        code: 'human_agent_window_unknown',
        message: `HUMAN_AGENT is for the time from 24 hours to seven days after the customer's last message, which is not known here. Send it without the tag first. ${orForce}`,
        canBeForced: true,
      };
  }
}
