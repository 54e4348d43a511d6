import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../../shared/runtime/http/answers.ts';
import { withEtag } from '../../../../shared/runtime/http/with-etag.ts';
import { httpEvent, lambdaContext } from '../../../builders/http-event.ts';

const answerOf = (body: unknown, statusCode = 200): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** What a caller with this header gets of the answer. */
async function get(answer: HttpAnswer, ifNoneMatch?: string, besides: readonly string[] = []) {
  const handler = middy<APIGatewayProxyEventV2, HttpAnswer>()
    .use(withEtag(besides))
    .handler(async () => answer);
  const headers = ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch };
  return handler(httpEvent('GET /api/conversations', { headers }), lambdaContext);
}

const tagOf = async (body: unknown, besides: readonly string[] = []) =>
  String((await get(answerOf(body), undefined, besides)).headers?.etag);

describe('a tag', () => {
  test('is strong, and another for every other answer', async () => {
    const tag = await tagOf({ data: [1] });
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(await tagOf({ data: [1] })).toBe(tag);
    expect(await tagOf({ data: [2] })).not.toBe(tag);
  });

  test('is weak where answers of one tag may differ, and changes with all else', async () => {
    const besides = ['at'];
    const tag = await tagOf({ data: [1], at: 1, stale: true }, besides);
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(await tagOf({ data: [1], at: 2, stale: true }, besides)).toBe(tag);
    expect(await tagOf({ data: [1], at: 1 }, besides)).not.toBe(tag);
    expect(await tagOf({ data: [2], at: 1, stale: true }, besides)).not.toBe(tag);
  });

  test('is not given to a refusal', async () => {
    expect((await get(answerOf({ error: 'x' }, 404), '*')).statusCode).toBe(404);
    expect((await get(answerOf({ error: 'x' }, 404))).headers).not.toHaveProperty('etag');
  });
});

describe('If-None-Match', () => {
  const body = { data: ['x'] };

  test.each([
    ['the tag', (tag: string) => tag],
    ['the tag as a proxy weakened it', (tag: string) => `W/${tag}`],
    ['a list that holds it', (tag: string) => `"other", W/"more" ,${tag}`],
    ['a list with tags that hold commas', (tag: string) => `"a,b", ${tag}`],
    ['a list with empty members', (tag: string) => `, ${tag} ,,`],
    ['any', () => '*'],
    ['any, with spaces', () => ' * '],
  ])('%s brings a bare 304 with the tag', async (_, header) => {
    const tag = await tagOf(body);
    const answer = await get(answerOf(body), header(tag));
    expect(answer).toEqual({
      statusCode: 304,
      headers: { etag: tag, 'cache-control': 'private, no-cache' },
    });
  });

  test.each([
    ['another tag', () => '"other"'],
    ['a tag that only holds it', (tag: string) => `"a,${tag.slice(1, -1)},b"`],
    ['the tag without its quotes', (tag: string) => tag.slice(1, -1)],
    ['a star in a list', () => '"other", *'],
    ['a broken list', (tag: string) => `"open, ${tag}`],
    ['an empty header', () => ''],
  ])('%s brings the answer', async (_, header) => {
    const tag = await tagOf(body);
    expect(await get(answerOf(body), header(tag))).toMatchObject({ statusCode: 200, headers: { etag: tag } });
  });

  test('is compared weakly with a weak tag', async () => {
    const tag = await tagOf({ data: [1], at: 1 }, ['at']);
    for (const given of [tag, tag.replace('W/', '')]) {
      expect((await get(answerOf({ data: [1], at: 2 }), given, ['at'])).statusCode).toBe(304);
    }
  });
});
