import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beginLog, errorFacts, log } from '../log.ts';
import { failure, type HttpAnswer } from './answers.ts';
import { HttpError } from './http-error.ts';
import { beginRequestLine, endRequestLine } from './request-line.ts';

const internalError = new HttpError(
  500,
  'internal_error',
  'Something failed on our side. Try again; if it stays, look up this request_id in the logs.',
);

/** Turns what a handler throws into an answer of the API's shape, and logs one line for each request. */
export function answerErrors(): MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer> {
  const startedAtMs = new WeakMap<APIGatewayProxyEventV2, number>();

  function logRequest(event: APIGatewayProxyEventV2, answer: HttpAnswer, code?: string): void {
    endRequestLine({
      route: event.routeKey,
      method: event.requestContext.http.method,
      status: answer.statusCode ?? 200,
      ...(code && { code }),
      duration_ms: Date.now() - (startedAtMs.get(event) ?? Date.now()),
      request_id: event.requestContext.requestId,
    });
  }

  return {
    before: ({ event, context }) => {
      beginLog({
        request_id: event.requestContext.requestId,
        function_request_id: context.awsRequestId,
      });
      beginRequestLine();
      startedAtMs.set(event, Date.now());
    },
    after: ({ event, response }) => {
      if (response) logRequest(event, response);
    },
    onError: (request) => {
      const { event, error } = request;
      const known = error instanceof HttpError ? error : internalError;
      const requestId = event.requestContext.requestId;
      if (known.status >= 500) {
        log.error('request failed', { ...errorFacts(error), code: known.code, request_id: requestId });
      }
      request.response = failure(known, requestId);
      beginRequestLine();
      logRequest(event, request.response, known.code);
    },
  };
}
