import { expect, test } from 'vitest';
import { matchRoute } from '../../../infra/local/http-routes.ts';

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/dog/{id}',
  'ANY /pets/dog/1',
  'GET /pets/dog/1',
  'POST /pets/dog/1',
];
const routes = keys.map((routeKey) => ({ routeKey, target: routeKey }));

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['PUT', '/pets/dog/1', 'ANY /pets/dog/1', {}],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/pets/cat/1', 'ANY /{proxy+}', { proxy: 'pets/cat/1' }],
  ['GET', '/', '$default', {}],
])('%s %s', (method, path, routeKey, pathParameters) => {
  expect(matchRoute(routes, method, path)).toMatchObject({ route: { routeKey }, pathParameters });
});

test.each(['/pets', '/pets/dog/', '/pets/dog/1/', '/pets/dog/1/2', 'pets/dog/1'])(
  '%s is another path',
  (path) => {
    expect(matchRoute([{ routeKey: 'GET /pets/dog/{id}', target: 1 }], 'GET', path)).toBeUndefined();
  },
);
