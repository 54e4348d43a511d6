import { newTraceId } from './ids.ts';
import type { Random } from './random.ts';

export type Login = 'facebook' | 'instagram';

/** A refusal in Graph's own terms. Thrown anywhere below the routing and answered in Meta's shape. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly code: number;
  readonly subcode: number | undefined;

  constructor(message: string, code: number, subcode?: number, status = 400) {
    super(message);
    this.code = code;
    this.subcode = subcode;
    this.status = status;
  }
}

export function graphErrorBody(
  error: GraphError,
  { login, random }: { readonly login: Login; readonly random: Random },
): Record<string, unknown> {
  return {
    error: {
      message: error.message,
      type: login === 'instagram' ? 'IGApiException' : 'OAuthException',
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      is_transient: false,
      fbtrace_id: newTraceId(random),
    },
  };
}

export function invalidToken(): GraphError {
  return new GraphError('Invalid OAuth access token - Cannot parse access token', 190);
}

export function invalidProof(): GraphError {
  return new GraphError('Invalid appsecret_proof provided in the API argument', 100);
}

export function invalidParameter(why: string): GraphError {
  return new GraphError(`(#100) ${why}`, 100);
}

export function noMatchingUser(): GraphError {
  return new GraphError('(#100) No matching Instagram user found', 100, 2534014);
}

export function outsideWindow(): GraphError {
  return new GraphError('(#10) This message is sent outside of allowed window.', 10, 2534022);
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
  return new GraphError(`(#100) Tried accessing nonexisting field (${field}) on node type (${node})`, 100);
}

export function fieldSyntax(position: number, fields: string): GraphError {
  return new GraphError(
    `Syntax error "Unexpected ${position < fields.length ? `'${fields.charAt(position)}'` : 'end of string'}" at character ${position}: ${fields}`,
    2500,
  );
}
