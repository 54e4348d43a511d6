import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { hasJava } from '../../builders/dynamodb-local.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

// Without Java this stands for all the tests of the folder, which then run on the embedded engine alone.
test.runIf(hasJava)("the store's tests run on the embedded engine and on AWS's DynamoDB Local", async () => {
  const { headers } = await fetch(table.endpoint);
  const isAwsEngine = headers.get('server')?.startsWith('Jetty') ?? false;
  expect(isAwsEngine).toBe(inject('dynamoDbLocal') !== undefined);
});
