import type { Usage } from './usage.ts';

/** Failures of a call to Meta's Graph API, by what they prove about the call. */

/** Meta answered with an error of its own. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly details: GraphErrorDetails;
  /** How much of the allowance is used up, where Meta told it. */
  readonly usage: Usage;

  constructor(status: number, details: GraphErrorDetails, usage: Usage = { percent: 0, regainMs: 0 }) {
    super(`Graph error ${details.code}${details.error_subcode ? `/${details.error_subcode}` : ''}`);
    this.status = status;
    this.details = details;
    this.usage = usage;
  }
}

/** Meta's own members, passed on as they came. */
export interface GraphErrorDetails {
  readonly message: string;
  readonly type?: string;
  readonly code: number;
  readonly error_subcode?: number;
  readonly error_user_title?: string;
  readonly error_user_msg?: string;
  readonly is_transient?: boolean;
  /** Meta's support asks for it. */
  readonly fbtrace_id?: string;
}

/** The request was never written (DNS, connect, TLS): trying again cannot do it twice. */
export class GraphNotReachedError extends Error {
  override readonly name = 'GraphNotReachedError';
}

/** The request was written and no readable answer came: Meta may or may not have done it. */
export class GraphNoAnswerError extends Error {
  override readonly name = 'GraphNoAnswerError';
}
