/** One call of the API: same origin, the session's cookie. */

/** The API answered with an error; `message` says what to do, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, body: ErrorBody, retryAfterMs?: number) {
    super(body.error ?? body.message ?? `The gateway answered ${status}.`);
    this.status = status;
    this.code = body.code ?? 'unreadable_answer';
    this.requestId = body.request_id;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came: offline, or the gateway does not run. Whether a request arrived is not known. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

interface ErrorBody {
  readonly error?: string;
  readonly message?: string;
  readonly code?: string;
  readonly request_id?: string;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer<T> {
  readonly body: T;
  readonly etag: string | undefined;
}

/** A gateway that is stuck must not leave the page waiting: API Gateway itself gives up after 30 s. */
const timeoutMs = 35_000;

const observers = { signedOut: () => {}, clock: (_serverMs: number) => {} };

/** @param told is called on every 401, and with the server's time of every answer. */
export function observeAnswers(told: Partial<typeof observers>): void {
  Object.assign(observers, told);
}

/**
 * @returns `undefined` for a 304.
 * @throws ApiError, NoAnswer, or the signal's reason when it was aborted.
 */
export async function request<T>(path: string, call: Call = {}): Promise<Answer<T> | undefined> {
  const { method = 'GET', body, headers, signal } = call;
  const limit = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      // The ETag is asked about by the page itself, which wants to know of a 304.
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    throw new NoAnswer('No answer from the gateway.', { cause: error });
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(date)) observers.clock(date);
  if (response.status === 304) return undefined;
  if (!response.ok) throw errorOf(response, text);
  return { body: parse<T>(text) ?? ({} as T), etag: response.headers.get('etag') ?? undefined };
}

function errorOf(response: Response, text: string): ApiError {
  if (response.status === 401) observers.signedOut();
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    response.status,
    parse<ErrorBody>(text) ?? {},
    Number.isFinite(seconds) ? seconds * 1000 : undefined,
  );
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
