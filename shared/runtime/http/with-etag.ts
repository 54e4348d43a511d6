import { createHash } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpAnswer } from './answers.ts';

/**
 * Saves the bytes of a page that polls: an answer that the caller has already is a bare 304. The answer is made
 * all the same, so nothing can go stale.
 * @param besides members of the answer that change without its changing.
 */
export function withEtag(besides: readonly string[] = []): MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer> {
  return {
    after: (request) => {
      const { event, response } = request;
      if (response?.statusCode !== 200 || typeof response.body !== 'string') return;
      const told = besides.length === 0 ? response.body : without(response.body, besides);
      const etag = `"${createHash('sha256').update(told).digest('base64url').slice(0, 27)}"`;
      // Kept by the caller alone, and asked about each time.
      const headers = { ...response.headers, etag, 'cache-control': 'private, no-cache' };
      const { 'content-type': _, ...bare } = headers as Record<string, string>;
      request.response = matches(event.headers['if-none-match'], etag)
        ? { statusCode: 304, headers: bare }
        : { ...response, headers };
    },
  };
}

function without(body: string, members: readonly string[]): string {
  const value = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify({ ...value, ...Object.fromEntries(members.map((name) => [name, undefined])) });
}

/** Proxies may mark a tag as weak; for a read the two are the same. */
function matches(given: string | undefined, etag: string): boolean {
  return given?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) ?? false;
}
