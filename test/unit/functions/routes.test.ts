import { existsSync, readdirSync } from 'node:fs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openApiDocument } from '../../../functions/describe-api/document.ts';
import { type FunctionName, functionNames, type Route, routes } from '../../../functions/routes.ts';
import type { HttpHandler } from '../../../shared/runtime/http/public-handler.ts';
import { keyId } from '../../../shared/runtime/keys.ts';
import { httpEvent, lambdaContext } from '../../builders/http-event.ts';

const table = mockClient(DynamoDBDocumentClient);
const folder = new URL('../../../functions/', import.meta.url);

beforeEach(() => {
  vi.stubEnv('TABLE_NAME', 'gateway');
  table.reset();
  table.onAnyCommand().rejects(new Error('not set up'));
});

const handlerOf = async (name: FunctionName) =>
  ((await import(new URL(`${name}/handler.ts`, folder).href)) as { handler: HttpHandler }).handler;

const call = async (route: Route, headers: Record<string, string>) =>
  (await handlerOf(route.function))(
    httpEvent(`${route.method} ${route.path}`, { headers, path: { id: '1.2' } }),
    lambdaContext,
  );

const keyed = routes.filter(({ access }) => access !== 'anyone' && access !== 'meta');
const open = routes.filter(({ access }) => access === 'anyone');
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

describe.each(keyed)('$method $path', (route) => {
  test.each([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['another scheme', { authorization: 'Basic abc' }],
    ['no key in the header', { authorization: 'Bearer ' }],
  ])('401 with %s, without asking the table', async (_what, headers: Record<string, string>) => {
    const answer = await call(route, headers);
    expect(answer.statusCode).toBe(401);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'missing_key', request_id: 'request-1' });
    expect(table.calls()).toHaveLength(0);
  });

  test('401 with an unknown key', async () => {
    table.on(GetCommand).resolves({});
    const answer = await call(route, { authorization: 'Bearer unknown' });
    expect(answer.statusCode).toBe(401);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'unknown_key' });
  });

  test('403 with a key of the other roles', async () => {
    const roles = ['read', 'send', 'admin'].filter((role) => role !== route.access);
    const key = `key-without-${route.access}-${route.function}`;
    table
      .on(GetCommand, { Key: { pk: 'keys', sk: keyId(key) } })
      .resolves({ Item: { sk: keyId(key), name: 'x', kind: 'bot', roles, created_at: '' } });
    const answer = await call(route, { authorization: `Bearer ${key}` });
    expect(answer.statusCode).toBe(403);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ details: { needed: route.access } });
  });
});

test.each(open)('$method $path is for anyone', async (route) => {
  const answer = await call(route, {}).catch((error: unknown) => error);
  expect(answer).not.toMatchObject({ statusCode: 401 });
});

describe('$default', () => {
  const ask = async (method: string, rawPath: string) =>
    (await handlerOf('describe-api'))(httpEvent('$default', { method, rawPath }), lambdaContext);

  test('404 for an unknown path, in the shape of the API', async () => {
    const answer = await ask('GET', '/api/nothing');
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'unknown_path', request_id: 'request-1' });
  });

  test.each([
    ['DELETE', '/api/webhook', 'GET, POST'],
    ['GET', '/api/send-message', 'POST'],
    ['POST', '/api/conversations/1.2/messages', 'GET'],
  ])('405 for %s %s, with what is allowed', async (method, path, allow) => {
    const answer = await ask(method, path);
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow } });
  });
});

test('every function has a folder of its name, and every folder is a function', () => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.sort()).toEqual([...functionNames].sort());
  for (const name of functionNames) expect(existsSync(new URL(`${name}/handler.ts`, folder))).toBe(true);
});

describe('the OpenAPI document', () => {
  type Document = {
    paths: Record<string, Record<string, { security: unknown[] }>>;
    components: { schemas: object };
  };
  const document = openApiDocument() as Document;

  test('lists exactly the routes', () => {
    const listed = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.sort()).toEqual(routes.map(nameOf).sort());
  });

  test.each(routes)('$method $path says whether it needs a key', (route) => {
    const { security } = document.paths[route.path]?.[route.method.toLowerCase()] ?? { security: undefined };
    expect(security).toEqual(keyed.includes(route) ? [{ apiKey: [] }] : []);
  });

  test('holds schemas that a validator takes', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'document', ...document });
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`document#/components/schemas/${name}`)).toBeTypeOf('function');
    }
  });
});
