import type { TestProject } from 'vitest/node';
import { startDynamoDbLocal } from './dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of AWS's DynamoDB Local; absent where tests run on the embedded engine. */
    dynamoDbLocal?: string;
  }
}

/** One process for all tests of the project; each test has a table of its own. */
export default async function setup(project: TestProject): Promise<() => void> {
  const engine = await startDynamoDbLocal();
  project.provide('dynamoDbLocal', engine.endpoint);
  return () => engine.stop();
}
