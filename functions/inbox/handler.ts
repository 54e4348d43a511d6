import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpAnswer } from '../../shared/runtime/http/answers.ts';
import { byRoute } from '../../shared/runtime/http/by-route.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { publicHandler } from '../../shared/runtime/http/public-handler.ts';
import { isHttps } from '../../shared/runtime/http/session-cookie.ts';
import { pageFile } from './page-files.ts';
import { pageHeaders } from './page-headers.ts';

/** The inbox page, from the API's own origin. Its files are beside this function's code, compressed when it was built. */
export const handler = byRoute({
  'GET /': publicHandler(async (event) => {
    const page = fileFor(event, 'index.html');
    if (event.headers['if-none-match'] === page.headers?.etag) return { ...page, statusCode: 304, body: '' };
    return page;
  }),
  'GET /assets/{file}': publicHandler(async (event) => fileFor(event, event.pathParameters?.file ?? '')),
});

const year = 'public, max-age=31536000, immutable';

function fileFor(event: APIGatewayProxyEventV2, name: string): HttpAnswer {
  const isPage = name === 'index.html';
  const file = isPage || !name.endsWith('.html') ? pageFile(name) : undefined;
  if (!file) throw new HttpError(404, 'unknown_path', 'There is no such file: load the page anew.');
  const isCompressed = /(?:^|,)\s*br\s*(?:,|$)/.test(event.headers['accept-encoding'] ?? '');
  return {
    statusCode: 200,
    headers: {
      'content-type': file.type,
      'x-content-type-options': 'nosniff',
      // The name of an asset is made of its content.
      'cache-control': isPage ? 'no-cache' : year,
      vary: 'Accept-Encoding',
      ...(isPage && { etag: file.etag, ...pageHeaders(isHttps(event)) }),
      ...(isCompressed && { 'content-encoding': 'br' }),
    },
    body: (isCompressed ? file.brotli : file.plain).toString('base64'),
    isBase64Encoded: true,
  };
}
