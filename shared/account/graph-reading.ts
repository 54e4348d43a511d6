import type * as z from 'zod/mini';
import { type GraphCall, type GraphCaller, graph } from '../instagram/graph-client.ts';
import {
  GraphError,
  type GraphErrorDetails,
  GraphNoAnswerError,
  GraphNotReachedError,
} from '../instagram/graph-errors.ts';

/** Why a reading gave nothing: Meta refused, was not reached, or gave no answer that can be read. */
export type ReadingFailure =
  | { readonly kind: 'refused'; readonly details: GraphErrorDetails }
  | { readonly kind: 'not_reached'; readonly why: string }
  | { readonly kind: 'no_answer'; readonly why: string };

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ReadingFailure };

/** Reads one thing at Meta. Never rejects for what Meta answers, or does not answer. */
export async function readGraph<S extends z.ZodMiniType>(
  caller: GraphCaller,
  call: GraphCall,
  schema: S,
  /** Told of Meta's clock, by the answer's `Date`, with the time at which it came by `performance.now()`. */
  onDate?: (serverMs: number, receivedAt: number) => void,
): Promise<Reading<z.infer<S>>> {
  try {
    const { value, headers } = await graph.getWithHeaders(caller, call);
    const serverMs = Date.parse(headers.date ?? '');
    if (!Number.isNaN(serverMs)) onDate?.(serverMs, performance.now());
    const parsed = schema.safeParse(value);
    return parsed.success
      ? { ok: true, value: parsed.data }
      : failed({ kind: 'no_answer', why: "Meta's answer has another shape than expected" });
  } catch (error) {
    if (error instanceof GraphError) return failed({ kind: 'refused', details: error.details });
    if (error instanceof GraphNotReachedError) return failed({ kind: 'not_reached', why: reason(error) });
    if (error instanceof GraphNoAnswerError) return failed({ kind: 'no_answer', why: reason(error) });
    throw error;
  }
}

export function failed(failure: ReadingFailure): { readonly ok: false; readonly failure: ReadingFailure } {
  return { ok: false, failure };
}

/** A failure in words for people, with Meta's own numbers. */
export function describeFailure(failure: ReadingFailure): string {
  return failure.kind === 'refused' ? describeRefusal(failure.details) : failure.why;
}

/** Such as `190/463: Session has expired`. */
export function describeRefusal({ code, error_subcode, message }: GraphErrorDetails): string {
  return `Meta answered ${code}${error_subcode ? `/${error_subcode}` : ''}: ${message}`;
}

/** Whether Meta refused with this code and, when one is named, this subcode. */
export function isRefusal(failure: ReadingFailure, code: number, subcode?: number): boolean {
  return (
    failure.kind === 'refused' &&
    failure.details.code === code &&
    (subcode === undefined || failure.details.error_subcode === subcode)
  );
}

function reason(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return `${error.message} (${'code' in cause ? String(cause.code) : cause.message})`;
}
