import * as z from 'zod/mini';
import { countingFailures } from '../instagram/count-failures.ts';
import { graph } from '../instagram/graph-client.ts';
import { explainGraphError } from '../instagram/graph-error-catalogue.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from '../instagram/graph-errors.ts';
import { failureOf } from '../instagram/graph-failure.ts';
import { type MessageId, messageId } from '../instagram/ids.ts';
import type { RetryRule } from '../instagram/refusals/entry.ts';
import { type Usage, usageOf } from '../instagram/usage.ts';
import { withCurrentToken } from '../instagram/with-current-token.ts';
import type { Addressee, OutgoingPart, SendFailure } from './send-row.ts';
import { withUploadLinks } from './upload-links.ts';

/** What is certain after one request. */
export type PartOutcome =
  | {
      readonly name: 'sent';
      readonly messageId: MessageId;
      /** The customer's id as Meta names it: of a private reply it is the first time that it is told. */
      readonly recipientId: string;
      /** Meta's time of the answer, in ms; ours where it told none. */
      readonly atMs: number;
      /** How much of Meta's allowance is used up. */
      readonly usage: Usage;
    }
  /** It surely did not arrive. */
  | {
      readonly name: 'not_sent';
      readonly failure: SendFailure;
      readonly retry: 'never' | RetryRule;
      /** The cause, for what is noticed beside the send. */
      readonly cause: unknown;
    }
  /** The request went out; whether Meta did it is not known. */
  | { readonly name: 'unknown'; readonly failure: SendFailure; readonly isAnswered?: true };

const sendAnswer = z.object({ recipient_id: z.string(), message_id: z.string() });

/**
 * Makes one request to Meta for one message and says what is certain of it. Never throws for what Meta does.
 * In both login flavours `reply_to` stands beside `message`, not in it.
 * https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/send-message
 */
export async function sendPart(
  addressee: Addressee,
  { message, replyTo, tag, messagingType }: OutgoingPart,
  timeoutMs: number,
): Promise<PartOutcome> {
  const body = {
    recipient: 'customerId' in addressee ? { id: addressee.customerId } : { comment_id: addressee.commentId },
    message: withUploadLinks(message, Date.now()),
    ...(replyTo !== undefined && { reply_to: { mid: replyTo } }),
    ...(tag !== undefined && { tag }),
    ...(messagingType !== undefined && { messaging_type: messagingType }),
  };
  try {
    const { value, headers } = await countingFailures(
      withCurrentToken((secret) => graph.postWithHeaders(secret, { path: '/me/messages', body, timeoutMs })),
    );
    const answer = sendAnswer.safeParse(value);
    const mid = messageId(answer.data?.message_id);
    if (!answer.success || !mid) {
      return unknown(new GraphNoAnswerError('Meta took the message but named no message id'));
    }
    const told = Date.parse(headers.date ?? '');
    return {
      name: 'sent',
      messageId: mid,
      recipientId: answer.data.recipient_id,
      atMs: Number.isNaN(told) ? Date.now() : told,
      usage: usageOf(headers),
    };
  } catch (error) {
    return outcomeOf(error);
  }
}

function outcomeOf(error: unknown): PartOutcome {
  const failure = failureOf(error);
  if (!failure) throw error;
  if (error instanceof GraphNotReachedError) {
    return { name: 'not_sent', failure, retry: 'later', cause: error };
  }
  if (!(error instanceof GraphError)) return { name: 'unknown', failure };
  const { code, error_subcode, message } = error.details;
  const { mayHaveArrived, retry = 'never' } = explainGraphError(code, error_subcode, message);
  // Whatever its code says, a server that failed may have failed after it had sent.
  if (mayHaveArrived || error.status >= 500) {
    const unknownOutcome = { ...failure, status: 504, code: 'outcome_unknown' };
    return { name: 'unknown', failure: unknownOutcome, isAnswered: true };
  }
  return { name: 'not_sent', failure, retry, cause: error };
}

const unknown = (error: GraphNoAnswerError): PartOutcome => {
  const failure = failureOf(error);
  if (!failure) throw error;
  return { name: 'unknown', failure };
};
