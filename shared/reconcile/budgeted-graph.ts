import type * as z from 'zod/mini';
import { callBudget } from '../conversations/call-budget.ts';
import { countingFailures } from '../instagram/count-failures.ts';
import { graph } from '../instagram/graph-client.ts';
import { explainGraphError } from '../instagram/graph-error-catalogue.ts';
import { GraphError, GraphNoAnswerError } from '../instagram/graph-errors.ts';
import { usageOf } from '../instagram/usage.ts';
import { slowedBy, throttleOf } from '../sending/throttle.ts';
import { OutOfTimeError, type ReconcileParts } from './reconcile-parts.ts';

/** Reads of conversations take 30 to 90 s on some Pages. MP §4.6 */
const timeoutMs = 100_000;
/** How long nobody reads conversations after Meta has said that it was too much. */
const throttledMs = 60_000;

export interface Read<T> {
  readonly value: T;
  /** Meta's time of the read, in ms. */
  readonly readAtMs: number;
}

/**
 * Reads at Graph, each call in its turn within the two a second that all callers have together.
 * @throws OutOfTimeError when no turn comes in time, or the reading was given up; GraphError, GraphNotReachedError,
 * GraphNoAnswerError
 */
export function budgetedGraph({ client, tableName, account, secret, beginBeforeMs, signal }: ReconcileParts) {
  const budget = callBudget(client, tableName, account);

  return async function get<S extends z.ZodMiniType>(
    path: `/${string}`,
    query: Readonly<Record<string, string>>,
    schema: S,
  ): Promise<Read<z.infer<S>>> {
    if (signal?.aborted || !(await budget.wait('conversations', beginBeforeMs))) {
      throw new OutOfTimeError('No time is left');
    }
    try {
      const call = { path, query, timeoutMs, ...(signal && { signal }) };
      const { value, headers } = await countingFailures(graph.getWithHeaders(secret, call));
      const parsed = schema.safeParse(value);
      if (!parsed.success) throw new GraphNoAnswerError("Meta's answer has another shape than expected");
      const slowedMs = slowedBy(usageOf(headers));
      if (slowedMs > 0) await budget.holdAllUntil(Date.now() + slowedMs, 'all');
      const told = Date.parse(headers.date ?? '');
      return { value: parsed.data, readAtMs: Number.isNaN(told) ? Date.now() : told };
    } catch (error) {
      if (signal?.aborted) throw new OutOfTimeError('The reading was given up', { cause: error });
      const throttle = throttleOf(error);
      if (throttle?.which === 'all') await budget.holdAllUntil(Date.now() + throttle.holdMs, 'all');
      else if (throttle) await budget.holdUntil('conversations', Date.now() + throttledMs);
      throw error;
    }
  };
}

function isThrottled(error: unknown): boolean {
  return (
    error instanceof GraphError &&
    explainGraphError(error.details.code, error.details.error_subcode).name === 'rate_limited'
  );
}

/** Whether no other call would fare better: the token is refused, or Meta throttles. */
export function endsReading(error: unknown): boolean {
  if (error instanceof OutOfTimeError || isThrottled(error)) return true;
  if (!(error instanceof GraphError)) return false;
  const { code, error_subcode, message } = error.details;
  return explainGraphError(code, error_subcode, message).retry === 'new_token';
}

/** Meta's code for a message that was deleted, or is older than the 20 newest of its conversation. MP §4.4 */
const notReadableCode = 9000001;
const unknownObject = { code: 100, subcode: 33 };

/** Whether Meta does not give the message out, now or later. That is no proof that it was taken back. */
export function isNotReadable(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  const { code, error_subcode } = error.details;
  return code === notReadableCode || (code === unknownObject.code && error_subcode === unknownObject.subcode);
}
