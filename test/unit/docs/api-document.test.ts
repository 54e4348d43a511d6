import { describe, expect, test } from 'vitest';
import { type Route, routes } from '../../../functions/routes.ts';
import { documents, read } from './documents.ts';

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const names = routes.map(nameOf);

/** The sections of docs/api.md that describe a route, by its name. */
const sections = new Map(
  read('docs/api.md')
    .split(/^### /m)
    .map((section): [string, string] => {
      const [heading = '', ...rest] = section.split('\n');
      return [heading, rest.join('\n')];
    })
    .filter(([heading]) => /^(GET|POST|PUT|DELETE) /.test(heading)),
);

test('docs/api.md describes exactly the routes', () => {
  expect([...sections.keys()].sort()).toEqual([...names].sort());
});

const provenBy: Readonly<Record<Route['access'], RegExp>> = {
  anyone: /\bAnyone\./,
  meta: /\bProven by\b/,
  read: /\bKey: `read`\./,
  send: /\bKey: `send`\./,
  admin: /\bKey: `admin`\./,
};

describe.each(routes)('$method $path', (route) => {
  const section = sections.get(nameOf(route)) ?? '';

  test('says who may call it', () => {
    expect(section).toMatch(provenBy[route.access]);
  });

  test('has a curl command that calls it', () => {
    const path = route.path.replaceAll(/\{\w+\}/g, '[^/"?]+');
    const method = route.method === 'GET' ? 'curl "' : `curl -X ${route.method} "`;
    const block = /```bash\n(.*?)```/s.exec(section)?.[1] ?? '';
    expect(block).toMatch(new RegExp(`${method}\\$GATEWAY${path}["?]`));
    expect(block.includes('Bearer $API_KEY')).toBe(!['anyone', 'meta'].includes(route.access));
  });
});

test.each(documents)('%s names no route that does not exist', (document) => {
  const named = [...read(document).matchAll(/\b(?:GET|POST|PUT|DELETE) \/api\/[\w.{}/-]*[\w}]/g)].map(
    ([route]) => route,
  );
  expect(named.filter((route) => !names.includes(route))).toEqual([]);
});
