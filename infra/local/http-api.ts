import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { decodedPath, type HttpAnswer, type HttpRequest, toHttpAnswer, toHttpEvent } from './http-event.ts';
import { type HttpRoute, matchRoute } from './http-routes.ts';
import { InvocationError } from './invocation-error.ts';
import type { LocalFunction } from './local-function.ts';
import type { ObjectStore } from './object-store.ts';

/** An HTTP API's own limits (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
export const maxBodyBytes = 10 * 1024 * 1024;
export const maxHeaderBytes = 10_240;
const integrationTimeoutMs = 30_000;

export interface RequestLine {
  readonly method: string;
  /** Without the query, which may hold the verify token. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpApiOptions {
  /** May come later than the first request, which then waits. */
  readonly routes: Promise<readonly HttpRoute<LocalFunction>[]>;
  readonly onRequest: (line: RequestLine) => void;
  /** Beside the API under the same address, so that one tunnel leads to both. None until it is there. */
  readonly objects?: () => ObjectStore | undefined;
}

/** The server of an HTTP API with payload format 2.0; any `Host` is accepted. Not listening yet. */
export function createHttpApi(options: HttpApiOptions): Server {
  return createServer(
    // Above the limit, so that the limit's own answer can be given.
    { maxHeaderSize: 8 * maxHeaderBytes, keepAliveTimeout: 65_000 },
    (incoming, response) => {
      const atMs = Date.now();
      const objects = options.objects?.();
      if (objects?.serves(decodedPath(incoming.url ?? '/'))) {
        objects.answer(incoming, response).then(
          (status) => options.onRequest(lineOf(incoming, status, atMs)),
          () => response.destroy(),
        );
        return;
      }
      answer(incoming, atMs, options)
        .catch(() => own(500, 'Internal Server Error'))
        .then((result) => {
          const headOnly = incoming.method === 'HEAD';
          try {
            send(response, result, headOnly);
          } catch {
            // A header that the function gave is not one.
            send(response, own(500, 'Internal Server Error'), headOnly);
          }
          options.onRequest(lineOf(incoming, result.status, atMs));
        })
        // The caller went away before its request was read.
        .catch(() => response.destroy());
    },
  );
}

function lineOf({ method = '', url = '/' }: IncomingMessage, status: number, atMs: number): RequestLine {
  return { method, path: decodedPath(url), status, durationMs: Date.now() - atMs };
}

async function answer(incoming: IncomingMessage, atMs: number, options: HttpApiOptions): Promise<HttpAnswer> {
  const body = await readBody(incoming);
  if (headerBytes(incoming) > maxHeaderBytes) return own(431, 'Request Header Fields Too Large');
  if (!body) return own(413, 'Request Entity Too Large');
  const request: HttpRequest = {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    httpVersion: incoming.httpVersion,
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    atMs,
  };
  const match = matchRoute(await options.routes, request.method, decodedPath(request.target));
  if (!match) return own(404, 'Not Found');
  const event = toHttpEvent(request, match.route.routeKey, match.pathParameters);
  return withRequestId(await integrate(match.route.target, event), event.requestContext.requestId);
}

async function integrate(target: LocalFunction, event: unknown): Promise<HttpAnswer> {
  const timeout = Promise.withResolvers<HttpAnswer>();
  const timer = setTimeout(() => timeout.resolve(own(503, 'Service Unavailable')), integrationTimeoutMs);
  const result = target.invoke(event).then(
    (value) => toHttpAnswer(value) ?? own(500, 'Internal Server Error'),
    (error: unknown) => {
      if (error instanceof InvocationError) return own(500, 'Internal Server Error');
      throw error;
    },
  );
  try {
    return await Promise.race([result, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** An answer that API Gateway gives by itself. */
function own(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

function withRequestId(result: HttpAnswer, requestId: string): HttpAnswer {
  return { ...result, headers: { ...result.headers, 'apigw-requestid': requestId } };
}

/** `undefined` when it is too large: read to its end all the same, or the caller could not read the answer. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= maxBodyBytes ? Buffer.concat(chunks) : undefined;
}

/** The request line and the header values, which together are limited. */
function headerBytes({ method = '', url = '', rawHeaders }: IncomingMessage): number {
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  return Buffer.byteLength([method, url, ...values].join(''));
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, headOnly: boolean): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(headOnly ? undefined : body);
}
