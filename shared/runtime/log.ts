import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The one log: JSON lines of ids of requests and deliveries, counts, sizes and times. Never a text, name,
 * token, signature, body, path or query of anyone.
 */
export const log = new Logger();

/** Puts these facts on every line until the next call: a process serves one invocation at a time. */
export function beginLog(facts: {
  readonly function_request_id: string;
  readonly request_id?: string;
}): void {
  log.resetKeys();
  log.appendKeys({ ...facts });
}

/** What may be said of an unexpected error: a message of the SDK may quote the data that it failed on. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error_type: typeof error };
  return {
    error_type: error.name,
    ...(error.stack && {
      at: error.stack
        .split('\n')
        .filter((line) => line.startsWith('    at '))
        .slice(0, 5),
    }),
    ...(error.cause instanceof Error && { cause_type: error.cause.name }),
  };
}
