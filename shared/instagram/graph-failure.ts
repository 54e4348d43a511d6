import { HttpError } from '../runtime/http/http-error.ts';
import { explainGraphError, openWindowRemedy } from './graph-error-catalogue.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from './graph-errors.ts';

const retryAfterSeconds = '60';

/**
 * How a failed Graph call is answered to our own caller; anything else is returned as it is.
 * @param windowIsOpen Meta called a reply window closed that is open by what the customer wrote.
 */
export function answerForGraphFailure(error: unknown, { windowIsOpen = false } = {}): unknown {
  if (error instanceof GraphError) {
    const { code, error_subcode } = error.details;
    const { name, remedy, status } = explainGraphError(code, error_subcode);
    return new HttpError(status, name, windowIsOpen ? `${remedy} ${openWindowRemedy}` : remedy, {
      details: { ...error.details },
      cause: error,
      ...(status === 429 && { headers: { 'retry-after': retryAfterSeconds } }),
    });
  }
  if (error instanceof GraphNotReachedError) {
    return new HttpError(
      502,
      'meta_not_reached',
      'Meta could not be reached, so nothing was sent. Try again.',
      { cause: error },
    );
  }
  if (error instanceof GraphNoAnswerError) {
    return new HttpError(
      504,
      'outcome_unknown',
      'Meta gave no readable answer: the message may have been sent. Look at the conversation before sending again.',
      { cause: error },
    );
  }
  return error;
}
