import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startTestGateway } from '../../builders/gateway.ts';
import { newFolder } from './fixture.ts';

const root = resolve(import.meta.dirname, '../../..');

test('a template that writes alarms to somebody runs here too, without the mail', async () => {
  const out = newFolder();
  await promisify(execFile)(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      ALARM_EMAIL: 'shop@example.com',
      CDK_OUTDIR: out,
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({
        'aws:cdk:disable-asset-staging': true,
        'aws:cdk:enable-asset-metadata': true,
      }),
    },
  });
  const gateway = await startTestGateway({ template: join(out, 'InstagramMessageGateway.template.json') });
  onTestFinished(() => gateway.stop());
  expect((await gateway.api('/api/status')).status).toBe(200);
});
