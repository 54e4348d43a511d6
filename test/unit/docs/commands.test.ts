import { describe, expect, test } from 'vitest';
import { documents, read } from './documents.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each([...documents, '.env.example'])('%s', (path) => {
  test('names npm scripts that exist', () => {
    const named = [...read(path).matchAll(/\bnpm run\s+([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('every script that people run is in a document', () => {
  const text = documents.map(read).join('\n');
  const unnamed = Object.keys(scripts).filter(
    (name) => !new RegExp(`\\bnpm (run\\s+)?${name}\\b`).test(text),
  );
  expect(unnamed).toEqual([]);
});
