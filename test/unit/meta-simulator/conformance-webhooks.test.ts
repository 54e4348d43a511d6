import { expect, it } from 'vitest';
import { customerCases } from './conformance-customers.ts';
import { endpointCases } from './conformance-endpoint.ts';
import { type Case, subjects } from './webhook-cases.ts';

const cases: readonly Case[] = [...endpointCases, ...customerCases];

it.each(subjects)('%s has a case', (subject) => {
  expect(cases.filter(([of]) => of === subject)).not.toEqual([]);
});

it.each(cases)('%s: %s', async (_, __, run) => {
  await expect(run()).resolves.toBeUndefined();
});
