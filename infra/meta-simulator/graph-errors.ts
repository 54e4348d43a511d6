import { newTraceId } from './ids.ts';
import type { Random } from './random.ts';
import type { Readings } from './readings.ts';

export type Login = 'facebook' | 'instagram';

interface Details {
  /** Only where Meta's table has no better one than 400. */
  readonly status?: number;
  readonly isTransient?: boolean;
  /** What the person may be shown. */
  readonly userTitle?: string;
  readonly userMessage?: string;
}

/** A refusal in Graph's own terms. Thrown anywhere below the routing and answered in Meta's shape. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: number;
  readonly subcode: number | undefined;
  readonly details: Details;

  constructor(message: string, code: number, subcode?: number, details: Details = {}) {
    super(message);
    this.code = code;
    this.subcode = subcode;
    this.details = details;
  }
}

/** https://developers.facebook.com/docs/graph-api/guides/error-handling */
export function graphErrorBody(
  { message, code, subcode, details }: GraphError,
  { login, random }: { readonly login: Login; readonly random: Random },
): Record<string, unknown> {
  const { isTransient = false, userTitle, userMessage } = details;
  return {
    error: {
      message,
      type: login === 'instagram' ? 'IGApiException' : 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      is_transient: isTransient,
      ...(userTitle === undefined ? {} : { error_user_title: userTitle }),
      ...(userMessage === undefined ? {} : { error_user_msg: userMessage }),
      fbtrace_id: newTraceId(random),
    },
  };
}

const rateLimits: readonly number[] = [4, 17, 32, 341, 613, 80001, 80002, 80006];
const outages: readonly number[] = [1, 2];
const denials: readonly number[] = [3, 10, 200, 230];

export function statusOf({ code, details }: GraphError, reading: Readings['errorStatus']): number {
  if (details.status !== undefined) return details.status;
  if (reading === 'always_400') return 400;
  if (code === 190) return 401;
  if (denials.includes(code)) return 403;
  if (rateLimits.includes(code)) return 429;
  return outages.includes(code) ? 500 : 400;
}

export function unknownError(subcode?: number): GraphError {
  return new GraphError('An unknown error has occurred.', 1, subcode, { status: 500, isTransient: true });
}

export function brokenThread(): GraphError {
  return new GraphError('An unknown error has occurred.', 1);
}

export function invalidParameter(why: string, subcode?: number): GraphError {
  return new GraphError(`(#100) ${why}`, 100, subcode);
}

export function messageDeleted(): GraphError {
  return new GraphError('(#9000001) The requested message has been deleted.', 9000001);
}

export function unknownObject(method: string, id: string): GraphError {
  return new GraphError(
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
    100,
    33,
  );
}

export function unknownField(field: string, node: string): GraphError {
  return invalidParameter(`Tried accessing nonexisting field (${field}) on node type (${node})`);
}

export function fieldSyntax(position: number, fields: string): GraphError {
  return new GraphError(
    `Syntax error "Unexpected ${position < fields.length ? `'${fields.charAt(position)}'` : 'end of string'}" at character ${position}: ${fields}`,
    2500,
  );
}

export function consentRequired(code: Readings['consentCode']): GraphError {
  return new GraphError(`(#${code}) User consent is required to access user profile`, code);
}
