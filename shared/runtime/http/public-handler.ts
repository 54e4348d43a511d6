import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { answerErrors } from './answer-errors.ts';
import type { HttpAnswer } from './answers.ts';

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<HttpAnswer>;

/** Wraps a route that anyone may call, or that proves its caller by itself. */
export function publicHandler(answer: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>): HttpHandler {
  return middy<APIGatewayProxyEventV2, HttpAnswer>().use(answerErrors()).handler(answer);
}
