import { createHash } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpAnswer } from './answers.ts';

/**
 * Saves the bytes of a page that polls: an answer that the caller has already is a bare 304. The answer is made
 * all the same, so nothing can go stale. https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
 * @param besides members that may differ in answers of one tag; the tag is weak then, since they are not the same bytes.
 */
export function withEtag(besides: readonly string[] = []): MiddlewareObj<APIGatewayProxyEventV2, HttpAnswer> {
  return {
    after: (request) => {
      const { event, response } = request;
      if (response?.statusCode !== 200 || typeof response.body !== 'string') return;
      const told = besides.length === 0 ? response.body : without(response.body, besides);
      const etag = `${besides.length === 0 ? '' : 'W/'}"${createHash('sha256').update(told).digest('base64url').slice(0, 27)}"`;
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

/** A tag may hold commas; a weak and a strong tag are the same to a read. */
const entityTag = /"[\x21\x23-\x7e\x80-\uffff]*"/;
const listOfTags = new RegExp(
  `^[\\s,]*(?:W/)?${entityTag.source}(?:[\\s,]+(?:W/)?${entityTag.source})*[\\s,]*$`,
);

/** Whether the caller has this answer; what is neither `*` nor a list of tags says nothing. */
function matches(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  if (given.trim() === '*') return true;
  const [opaque] = entityTag.exec(etag) ?? [];
  const tags = given.match(new RegExp(entityTag, 'g')) ?? [];
  return listOfTags.test(given) && tags.some((tag) => tag === opaque);
}
