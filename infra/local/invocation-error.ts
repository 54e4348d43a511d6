/**
 * An invocation that gave no answer, by cause: `handled` is an exception of the function, `init` a function
 * that did not start, `size` a request or answer above 6 MB.
 */
export type InvocationFailure = 'handled' | 'crash' | 'timeout' | 'init' | 'size' | 'stopped';

export class InvocationError extends Error {
  override readonly name = 'InvocationError';
  readonly failure: InvocationFailure;

  constructor(failure: InvocationFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
