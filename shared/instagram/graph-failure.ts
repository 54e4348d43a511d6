import { HttpError } from '../runtime/http/http-error.ts';
import { explainGraphError, openWindowRemedy } from './graph-error-catalogue.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from './graph-errors.ts';

/** A failed Graph call as our own caller is told of it. */
export interface GraphFailure {
  readonly status: number;
  /** Stable snake_case, for programs. */
  readonly code: string;
  /** What to do, in plain words. */
  readonly message: string;
  /** Meta's own members, where it answered. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

const retryAfterSeconds = 60;

/**
 * What to tell of a failed Graph call; `undefined` when the error is none.
 * @param windowIsOpen Meta called a reply window closed that is open by what the customer wrote.
 */
export function failureOf(error: unknown, { windowIsOpen = false } = {}): GraphFailure | undefined {
  if (error instanceof GraphError) {
    const { code, error_subcode, message } = error.details;
    const { name, remedy, status } = explainGraphError(code, error_subcode, message);
    return {
      status,
      code: name,
      message: windowIsOpen ? `${remedy} ${openWindowRemedy}` : remedy,
      details: { ...error.details },
      ...(status === 429 && { retryAfterSeconds }),
    };
  }
  if (error instanceof GraphNotReachedError) {
    return {
      status: 502,
      code: 'meta_not_reached',
      message: 'Meta could not be reached, so nothing was sent. Try again.',
    };
  }
  if (error instanceof GraphNoAnswerError) {
    return {
      status: 504,
      code: 'outcome_unknown',
      message:
        'Meta gave no readable answer: the message may have been sent. Look at the conversation before sending again.',
    };
  }
  return undefined;
}

/** How a failed Graph call is answered to our own caller; anything else is returned as it is. */
export function answerForGraphFailure(error: unknown, options: { windowIsOpen?: boolean } = {}): unknown {
  const failure = failureOf(error, options);
  return failure ? answerForFailure(failure, error) : error;
}

export function answerForFailure(failure: GraphFailure, cause?: unknown): HttpError {
  const { status, code, message, details, retryAfterSeconds: seconds } = failure;
  return new HttpError(status, code, message, {
    ...(details && { details }),
    cause,
    ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
  });
}
