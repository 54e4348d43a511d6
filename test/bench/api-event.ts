import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../../functions/routes.ts';
import { toHttpEvent } from '../../infra/local/http-event.ts';

export interface ApiCall {
  readonly method: Route['method'];
  /** As the route names it, with `{name}` for a path parameter. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A call of the API as its function gets it. */
export function apiEvent(
  key: string,
  { method, path, parameters = {}, query = '', headers: more, body }: ApiCall,
): APIGatewayProxyEventV2 {
  const headers = {
    host: '127.0.0.1',
    authorization: `Bearer ${key}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...more,
  };
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
  return toHttpEvent(
    {
      method,
      target: `${target}${query}`,
      httpVersion: '1.1',
      headers,
      rawHeaders: Object.entries(headers).flat(),
      body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
      sourceIp: '127.0.0.1',
      atMs: Date.now(),
    },
    `${method} ${path}`,
    parameters,
  );
}
