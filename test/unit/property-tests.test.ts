import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const tests = resolve(import.meta.dirname, '..');

test('a failed property tells the seed and the path by which it is repeated', () => {
  const run = (parameters: fc.Parameters<[number]> = {}) => {
    const seen: number[] = [];
    try {
      fc.assert(
        fc.property(fc.integer(), (n) => {
          seen.push(n);
          return n < 1000;
        }),
        parameters,
      );
    } catch (error) {
      return { told: String(error), last: seen.at(-1), first: seen[0] };
    }
    return undefined;
  };
  const failed = run({ numRuns: 1000 });
  const [, seed, path] = /seed: (-?\d+), path: "([\d:]+)"/.exec(failed?.told ?? '') ?? [];
  const counterexample = Number(/Counterexample: \[(\d+)\]/.exec(failed?.told ?? '')?.[1]);
  expect(counterexample).toBe(1000);
  expect(run({ seed: Number(seed), path: path ?? '', endOnFailure: true })?.first).toBe(counterexample);
});

test('no test draws its samples where a failure would not tell its seed', () => {
  const drawn = globSync('**/*.ts', { cwd: tests })
    .filter((file) => !file.startsWith('bench/') && !file.endsWith('property-tests.test.ts'))
    .filter((file) => {
      const text = readFileSync(resolve(tests, file), 'utf8');
      return /Math\.random|randomInt\(|fc\.(?:sample|check|statistics|configureGlobal)\(|[rR]eporter:/.test(
        text,
      );
    });
  expect(drawn).toEqual([]);
});
