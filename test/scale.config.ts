/** `npm run test:scale`: the test of scale with a large shop's numbers, on AWS's own engine where there is Java. */
import { defineConfig } from 'vitest/config';
import { hasJava } from './builders/dynamodb-local.ts';
import { settings } from './vitest.config.ts';

export default defineConfig({
  ...settings,
  test: {
    ...settings.test,
    name: hasJava ? 'scale, on DynamoDB Local' : 'scale, on the embedded engine',
    include: ['test/integration/store/scale.test.ts', 'test/browser/inbox-scale.test.ts'],
    provide: { scale: 'full' },
    ...(hasJava && { globalSetup: 'test/builders/dynamodb-local-setup.ts' }),
    // Its progress is to be seen while it runs.
    disableConsoleIntercept: true,
  },
});
