import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Role } from '../keys.ts';
import { answerErrors } from './answer-errors.ts';
import type { HttpAnswer } from './answers.ts';
import { type Parsed, parseRequest, type RequestSchemas } from './parse-request.ts';
import type { HttpHandler } from './public-handler.ts';
import { type Keyed, withKey } from './with-key.ts';

export type ApiRequest<Path, Query, Body> = Parsed<Path, Query, Body>['parsed'] & {
  readonly apiKey: Keyed['apiKey'];
  readonly session: Keyed['session'];
  readonly event: APIGatewayProxyEventV2;
  readonly requestId: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How long this invocation may still take, in ms. */
  readonly remainingMs: () => number;
};

/** Wraps a route of the API: a key of the role, then the request by its schemas, then `answer`. */
export function apiHandler<
  Path extends z.ZodMiniType,
  Query extends z.ZodMiniType,
  Body extends z.ZodMiniType,
>(
  role: Role,
  schemas: RequestSchemas<Path, Query, Body>,
  answer: (request: ApiRequest<z.infer<Path>, z.infer<Query>, z.infer<Body>>) => Promise<HttpAnswer>,
  ...more: readonly MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer>[]
): HttpHandler {
  type Event = APIGatewayProxyEventV2 & Keyed & Parsed<z.infer<Path>, z.infer<Query>, z.infer<Body>>;
  return middy<APIGatewayProxyEventV2, HttpAnswer>()
    .use(answerErrors())
    .use([...more])
    .use(withKey(role))
    .use(parseRequest(schemas))
    .handler(async (event, context) => {
      const { apiKey, session, parsed, requestContext, headers } = event as Event;
      return answer({
        ...parsed,
        apiKey,
        session,
        event,
        requestId: requestContext.requestId,
        headers,
        remainingMs: () => context.getRemainingTimeInMillis(),
      });
    });
}
