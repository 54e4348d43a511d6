import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type HttpAnswer, json, success } from '../../shared/runtime/http/answers.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { publicHandler } from '../../shared/runtime/http/public-handler.ts';
import { routes } from '../routes.ts';

export const handler = publicHandler(async (event) => {
  switch (event.routeKey) {
    case 'GET /api/health':
      return success({ service: 'instagram-message-gateway' });
    case 'GET /api/openapi.json':
      return json(200, openApiDocument(), { 'cache-control': 'public, max-age=300' });
    default:
      return refuse(event);
  }
});

let document: unknown;

/** Written beside this function's code when the functions are built. */
function openApiDocument(): unknown {
  document ??= JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));
  return document;
}

/** Every path and method that no route names: 405 where the path is known, else 404. */
function refuse(event: APIGatewayProxyEventV2): HttpAnswer {
  const allowed = routes.filter(({ path }) => matches(path, event.rawPath)).map(({ method }) => method);
  if (allowed.length > 0) {
    throw new HttpError(405, 'method_not_allowed', `This path takes ${allowed.join(' and ')}.`, {
      headers: { allow: allowed.join(', ') },
    });
  }
  throw new HttpError(
    404,
    'unknown_path',
    'There is nothing at this path: GET /api/openapi.json lists what there is.',
  );
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, place) => (part.startsWith('{') ? given[place] !== '' : part === given[place]))
  );
}
