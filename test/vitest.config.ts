import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { hasJava } from './builders/dynamodb-local.ts';

const root = resolve(import.meta.dirname, '..');

/** Projects run in the order of their groups: the logs that the others leave are read last. */
const project = (name: string, include: string, groupOrder: number, testTimeout: number) => ({
  extends: true as const,
  test: {
    name,
    include: [include],
    testTimeout,
    hookTimeout: 60_000,
    sequence: { groupOrder },
  },
});

const integration = project('integration', 'test/integration/**/*.test.ts', 2, 60_000);

/** The store's tests once more, on AWS's own engine. */
const onDynamoDbLocal = {
  ...integration,
  test: {
    ...integration.test,
    name: 'store on DynamoDB Local',
    include: ['test/integration/store/**/*.test.ts'],
    // It starts an engine of its own, to compare it with the embedded one.
    exclude: ['test/integration/store/write-units.test.ts'],
    globalSetup: 'test/builders/dynamodb-local-setup.ts',
  },
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent in `npm test`, where the test of scale stores less. */
    scale?: 'full';
  }
}

/** What every run of tests has. */
export const settings = {
  root,
  cacheDir: '.build/vitest',
  test: {
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
      POWERTOOLS_SERVICE_NAME: 'test',
      POWERTOOLS_METRICS_NAMESPACE: 'test',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    },
    restoreMocks: true,
  },
};

export default defineConfig({
  ...settings,
  test: {
    ...settings.test,
    // They wait more than they reckon: one for each of two cores, and for no more than fit beside a gateway each.
    maxWorkers: 2,
    // Generous, since the machine may be busy: what is awaited comes within milliseconds.
    expect: { poll: { timeout: 10_000, interval: 50 } },
    projects: [
      project('unit', 'test/unit/**/*.test.ts', 0, 10_000),
      project('fuzz', 'test/fuzz/**/*.test.ts', 0, 30_000),
      project('infra', 'test/infra/**/*.test.ts', 1, 120_000),
      integration,
      ...(hasJava ? [onDynamoDbLocal] : []),
      project('chaos', 'test/chaos/**/*.test.ts', 2, 60_000),
      project('browser', 'test/browser/**/*.test.ts', 2, 60_000),
      project('logs', 'test/logs/**/*.test.ts', 3, 10_000),
    ],
  },
});
