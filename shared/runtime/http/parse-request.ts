import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { faultsOf } from './field-faults.ts';
import { HttpError } from './http-error.ts';

/** No request of the API needs more; API Gateway's own limit is 10 MB. */
const maxBodyBytes = 256 * 1024;

export interface RequestSchemas<
  Path extends z.ZodMiniType = z.ZodMiniType,
  Query extends z.ZodMiniType = z.ZodMiniType,
  Body extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly path?: Path;
  readonly query?: Query;
  readonly body?: Body;
}

/** What `parseRequest` leaves on the event for the handler. */
export interface Parsed<Path, Query, Body> {
  parsed: { path: Path; query: Query; body: Body };
}

/**
 * Reads path parameters, query and JSON body by their schemas.
 * @throws HttpError 400, 413 or 415 that names each field at fault.
 */
export function parseRequest(
  schemas: RequestSchemas,
): MiddlewareObj<APIGatewayProxyEventV2 & Partial<Parsed<unknown, unknown, unknown>>> {
  return {
    before: ({ event }) => {
      event.parsed = {
        path: schemas.path && check(schemas.path, event.pathParameters ?? {}, 'path'),
        query: schemas.query && check(schemas.query, event.queryStringParameters ?? {}, 'query'),
        body: schemas.body && check(schemas.body, readJson(event), 'body'),
      };
    },
  };
}

/** The body's bytes as they were sent. */
export function rawBody(event: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

/** The same as text: an event that came as text is not decoded again. */
export function rawText({ body, isBase64Encoded }: APIGatewayProxyEventV2, raw: Buffer): string {
  return body !== undefined && !isBase64Encoded ? body : raw.toString('utf8');
}

function readJson(event: APIGatewayProxyEventV2): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(event.headers['content-type'] ?? '')) {
    throw new HttpError(
      415,
      'unsupported_media_type',
      'Send the body as JSON, with the header "Content-Type: application/json".',
    );
  }
  const body = rawBody(event);
  if (body.length > maxBodyBytes) {
    throw new HttpError(
      413,
      'body_too_large',
      `The body has ${body.length} bytes; at most ${maxBodyBytes} are read.`,
      {
        details: { bytes: body.length, limit_bytes: maxBodyBytes },
      },
    );
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new HttpError(400, 'malformed_json', 'The body is not valid JSON.', { cause: error });
  }
}

function check(schema: z.ZodMiniType, value: unknown, place: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = faultsOf(result.error, place);
  throw new HttpError(400, 'invalid_request', fields.map(({ message }) => message).join(' '), {
    details: { fields },
  });
}
