import type * as http from 'node:http';
import * as https from 'node:https';
import * as z from 'zod/mini';
import { optional, required } from '../runtime/environment.ts';
import type { GraphSecret } from '../runtime/secrets.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from './graph-errors.ts';
import { usageOf } from './usage.ts';

const hosts = {
  facebook: 'https://graph.facebook.com',
  instagram: 'https://graph.instagram.com',
} as const satisfies Record<GraphSecret['login'], string>;

const maxAnswerBytes = 5 * 1024 * 1024;

const graphErrorBody = z.object({
  error: z.object({
    message: z.string(),
    type: z.optional(z.string()),
    code: z.number(),
    error_subcode: z.optional(z.number()),
    error_user_title: z.optional(z.string()),
    error_user_msg: z.optional(z.string()),
    is_transient: z.optional(z.boolean()),
    fbtrace_id: z.optional(z.string()),
  }),
});

export interface GraphCall {
  /** Below the version, such as `/me/messages`. */
  readonly path: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  /** The path stands at the host's root: Meta documents the token calls of Instagram login without a version. */
  readonly isUnversioned?: true;
  readonly timeoutMs: number;
  /** Gives the call up. */
  readonly signal?: AbortSignal;
}

/** With what a call proves its caller, and to which of Meta's hosts it goes. */
export type GraphCaller = Pick<GraphSecret, 'access_token' | 'login' | 'appsecret_proof'>;

/**
 * Calls the Graph API of the caller's login flavour. The token goes in the `Authorization` header, so that no
 * URL ever holds it. No redirect is followed and no answer above 5 MB is read.
 *
 * @throws GraphError, GraphNotReachedError, GraphNoAnswerError
 */
export const graph = {
  get: async (caller: GraphCaller, call: GraphCall): Promise<unknown> =>
    (await send(caller, 'GET', call)).value,
  /** With the answer's headers, for what Meta tells beside the value: its time, its usage. */
  getWithHeaders: (caller: GraphCaller, call: GraphCall): Promise<GraphAnswer> => send(caller, 'GET', call),
  post: async (caller: GraphCaller, call: GraphCall & { readonly body: unknown }): Promise<unknown> =>
    (await graph.postWithHeaders(caller, call)).value,
  postWithHeaders: (
    caller: GraphCaller,
    call: GraphCall & { readonly body: unknown },
  ): Promise<GraphAnswer> => send(caller, 'POST', call, Buffer.from(JSON.stringify(call.body))),
};

export interface GraphAnswer {
  readonly value: unknown;
  readonly headers: http.IncomingHttpHeaders;
}

async function send(
  caller: GraphCaller,
  method: string,
  call: GraphCall,
  body?: Buffer,
): Promise<GraphAnswer> {
  const base = optional('GRAPH_API_BASE_URL') ?? hosts[caller.login];
  const version = call.isUnversioned ? '' : `/${required('GRAPH_API_VERSION')}`;
  const url = new URL(`${base.replace(/\/+$/, '')}${version}${call.path}`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  if (caller.appsecret_proof) url.searchParams.set('appsecret_proof', caller.appsecret_proof);
  const answer = await exchange(url, call.timeoutMs, body, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${caller.access_token}`,
      ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
    },
    ...(call.signal && { signal: call.signal }),
    // A pooled connection that Meta just closed fails after the write, which would look like an unknown outcome.
    ...(method === 'POST' && { agent: false }),
  });
  return { value: read(answer), headers: answer.headers };
}

interface RawAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

function read({ status, headers, body }: RawAnswer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new GraphNoAnswerError(`Meta answered ${status} with something that is not JSON`, { cause: error });
  }
  const failed = graphErrorBody.safeParse(value);
  if (failed.success) throw new GraphError(status, withoutUndefined(failed.data.error), usageOf(headers));
  if (status < 200 || status > 299) throw new GraphNoAnswerError(`Meta answered ${status} without an error`);
  return value;
}

// zod leaves optional members out when they are absent; this states it in the type.
const withoutUndefined = <T extends object>(value: T) =>
  value as { [Key in keyof T]: Exclude<T[Key], undefined> };

/**
 * For a Graph API on this machine alone. An import of it would cost every cold start 20 ms: a module of Node's is
 * imported with all that it exports, and `node:http` exports a WebSocket, for which Node loads its `fetch`.
 */
const plainHttp = () => process.getBuiltinModule('node:http');

function exchange(
  url: URL,
  timeoutMs: number,
  body: Buffer | undefined,
  options: https.RequestOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:';
    let isConnected = false;
    const request = (isSecure ? https : plainHttp()).request(url, options);
    const fail = (message: string, cause?: unknown) => {
      clearTimeout(timer);
      request.destroy();
      reject(new (isConnected ? GraphNoAnswerError : GraphNotReachedError)(message, { cause }));
    };
    const timer = setTimeout(() => fail(`Meta did not answer within ${timeoutMs} ms`), timeoutMs);
    request.on('socket', (socket) => {
      // A pooled connection tells it no more, and would collect a listener a call.
      isConnected = !socket.connecting;
      if (isConnected) return;
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    request.on('error', (error) => fail('The connection to Meta failed', error));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) fail(`Meta's answer is larger than ${maxAnswerBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', (error) => fail("Meta's answer broke off", error));
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.end(body);
  });
}
