import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, documents, prose, read, root } from './documents.ts';

const linksOf = (path: string) =>
  [...prose(read(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

test('anchors are made as GitHub makes them', () => {
  const text =
    '# A `code_name`\n\n## "Quoted": it\'s, 1/2\n\n```\n# no heading\n```\n\n## Twice\n\n## Twice\n';
  expect(anchorsOf(text)).toEqual(['a-code_name', 'quoted-its-12', 'twice', 'twice-1']);
});

test('there are links to check', () => {
  expect(documents).toContain('docs/troubleshooting.md');
  expect(documents.flatMap(linksOf).length).toBeGreaterThan(20);
});

test('the README leads to every document', () => {
  const linked = linksOf('README.md');
  expect(documents.filter((path) => path !== 'README.md' && !linked.includes(path))).toEqual([]);
});

describe.each(documents)('%s', (path) => {
  test('leads to files and headings that exist', () => {
    const dead = linksOf(path).filter((target) => {
      const [file = '', anchor] = target.split('#');
      const there = file === '' ? path : relative(root, resolve(root, dirname(path), file));
      if (!existsSync(resolve(root, there))) return true;
      return anchor !== undefined && !anchorsOf(read(there)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
