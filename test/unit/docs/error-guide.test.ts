import { expect, test } from 'vitest';
import { numberOf } from '../../../infra/operate/error-guide.ts';
import { graphErrorCatalogue } from '../../../shared/instagram/graph-error-catalogue.ts';
import { read } from './documents.ts';

test("docs/errors.md has a section for each of Meta's errors, once", () => {
  const headings = read('docs/errors.md')
    .split('\n')
    .filter((line) => line.startsWith('### '));
  const wanted = graphErrorCatalogue.map((entry) => `### ${numberOf(entry)} \`${entry.name}\``);
  expect(headings.toSorted()).toEqual(wanted.toSorted());
});

test.each(['README.md', 'docs/api.md', 'docs/sending.md'])('%s leads to it', (document) => {
  expect(read(document)).toContain('errors.md)');
});
