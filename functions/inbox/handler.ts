import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpAnswer } from '../../shared/runtime/http/answers.ts';
import { byRoute } from '../../shared/runtime/http/by-route.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { publicHandler } from '../../shared/runtime/http/public-handler.ts';
import { isHttps } from '../../shared/runtime/http/session-cookie.ts';
import { type PageFile, pageFile } from './page-files.ts';
import { pageHeaders } from './page-headers.ts';

/** The inbox page, from the API's own origin. Its files are beside this function's code, compressed when it was built. */
export const handler = byRoute({
  'GET /': publicHandler(async (event) => {
    const page = answerWith(event, pageFile('index.html'), (file) => ({
      'cache-control': 'no-cache',
      etag: file.etag,
      ...pageHeaders(isHttps(event)),
    }));
    const { etag } = page.headers ?? {};
    return event.headers['if-none-match'] === etag ? { ...page, statusCode: 304, body: '' } : page;
  }),
  'GET /assets/{file}': publicHandler(async (event) => {
    const name = event.pathParameters?.file ?? '';
    // The name of an asset is made of its content.
    return answerWith(event, name === 'index.html' ? undefined : pageFile(name), () => ({
      'cache-control': 'public, max-age=31536000, immutable',
    }));
  }),
});

function answerWith(
  event: APIGatewayProxyEventV2,
  file: PageFile | undefined,
  headersFor: (file: PageFile) => Readonly<Record<string, string>>,
): HttpAnswer {
  if (!file) throw new HttpError(404, 'unknown_path', 'There is no such file: load the page anew.');
  const isCompressed = /(?:^|,)\s*br\s*(?:,|$)/.test(event.headers['accept-encoding'] ?? '');
  return {
    statusCode: 200,
    headers: {
      'content-type': file.type,
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      ...headersFor(file),
      ...(isCompressed && { 'content-encoding': 'br' }),
    },
    body: (isCompressed ? file.brotli : file.plain).toString('base64'),
    isBase64Encoded: true,
  };
}
