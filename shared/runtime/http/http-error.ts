/** An answer that is not a success, in the API's one shape. Everything else that is thrown becomes a bare 500. */
export class HttpError extends Error {
  override readonly name: string = 'HttpError';
  readonly status: number;
  /** Stable snake_case, for programs. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message what the caller should do, in plain words. */
  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      details?: Readonly<Record<string, unknown>> | undefined;
      headers?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }
}
