import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpError } from './http-error.ts';

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

const commonHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export function json(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    statusCode,
    headers: { ...commonHeaders, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function text(statusCode: number, body: string): HttpAnswer {
  return {
    statusCode,
    headers: { ...commonHeaders, 'content-type': 'text/plain; charset=utf-8' },
    body,
  };
}

export const success = (fields: Readonly<Record<string, unknown>>): HttpAnswer =>
  json(200, { success: true, ...fields });

export function failure(error: HttpError, requestId: string): HttpAnswer {
  return json(
    error.status,
    {
      error: error.message,
      code: error.code,
      ...(error.details && { details: error.details }),
      request_id: requestId,
    },
    error.headers,
  );
}
