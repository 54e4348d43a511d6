import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { functionNames } from '../../../functions/routes.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe.each([...functionNames])('%s', (name) => {
  test('puts the ids of its invocation on every line, by its wrapper or by itself', () => {
    const handler = read(`functions/${name}/handler.ts`);
    expect(handler).toMatch(/\b(apiHandler|publicHandler|beginLog|byRoute|subscriber)\(/);
  });
});

test('the wrappers do so', () => {
  expect(read('shared/runtime/http/answer-errors.ts')).toContain('beginLog({');
  expect(read('shared/subscribing/subscriber.ts')).toContain('beginLog({');
  for (const wrapper of ['api-handler', 'public-handler']) {
    expect(read(`shared/runtime/http/${wrapper}.ts`)).toContain('.use(answerErrors())');
  }
});
