import { GraphError } from '../instagram/graph-errors.ts';
import type { OutgoingPart, SendFailure } from './send-row.ts';

const replyToHint =
  'The message had a reply_to, which Meta documents for Facebook login alone. It was not sent without it: leave reply_to out if a plain message will do.';
const tagHint =
  'It went with HUMAN_AGENT: Meta must have approved the Human Agent feature for this app, and the customer must have written within seven days.';

/** A refusal of a message that asked for something which Meta grants to some only, with what that may have to do with it. */
export function withHints(failure: SendFailure, { replyTo, tag }: OutgoingPart, cause: unknown): SendFailure {
  if (!(cause instanceof GraphError)) return failure;
  const { code, error_subcode } = cause.details;
  const hints = [
    ...(replyTo !== undefined && code === 100 && error_subcode === undefined ? [replyToHint] : []),
    ...(tag !== undefined && (code === 10 || code === 100) ? [tagHint] : []),
  ];
  return { ...failure, message: [failure.message, ...hints].join(' ') };
}
