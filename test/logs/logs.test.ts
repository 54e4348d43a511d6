import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canaries, logFolder } from '../builders/canaries.ts';

// Runs last: everything that the gateways of this run printed.
const logs = globSync(fileURLToPath(new URL('*.log', logFolder)));

test('the gateways of this run were logged', () => {
  const text = logs.map((file) => readFileSync(file, 'utf8')).join('\n');
  expect(text).toContain('New message from');
  expect(text).toContain('POST /api/webhook 401');
});

test.each(Object.entries(canaries))('no log line holds the %s', (_name, canary) => {
  const lines = logs.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  expect(lines.filter((line) => line.includes(canary))).toEqual([]);
});
