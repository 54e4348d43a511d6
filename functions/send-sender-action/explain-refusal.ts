import { explainGraphError } from '../../shared/instagram/graph-error-catalogue.ts';
import { GraphError, GraphNoAnswerError } from '../../shared/instagram/graph-errors.ts';
import { answerForFailure, failureOf } from '../../shared/instagram/graph-failure.ts';
import type { CustomerId } from '../../shared/instagram/ids.ts';
import { secrets } from '../../shared/runtime/secrets.ts';
import { observeRefusal } from '../../shared/sending/observe-refusal.ts';
import type { SenderActionRequest } from './request.ts';

const mayBeDone = 'Meta failed, and it may have been done all the same. Doing it again does no harm.';
const uncertain =
  "Meta's pages do not agree on how typing and mark_seen are asked for with Instagram login; it may not take them here.";

/** As for a send, except that an action without an answer may simply be repeated. */
export async function explainRefusal(
  error: unknown,
  { action }: SenderActionRequest,
  customer: CustomerId,
): Promise<unknown> {
  const failure = failureOf(error, await observeRefusal(error, customer));
  if (!failure) return error;
  if (isUncertain(error)) return answerForFailure({ ...failure, message: mayBeDone }, error);
  const isReaction = action === 'react' || action === 'unreact';
  if (!isReaction && isBareRefusal(error) && (await secrets.graph()).login === 'instagram') {
    return answerForFailure({ ...failure, message: `${failure.message} ${uncertain}` }, error);
  }
  return answerForFailure(failure, error);
}

function isUncertain(error: unknown): boolean {
  if (error instanceof GraphNoAnswerError) return true;
  if (!(error instanceof GraphError)) return false;
  const { code, error_subcode } = error.details;
  return explainGraphError(code, error_subcode).mayHaveArrived === true;
}

const isBareRefusal = (error: unknown) =>
  error instanceof GraphError && error.details.code === 100 && error.details.error_subcode === undefined;
