import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startTestGateway } from '../../builders/gateway.ts';
import { newFolder, startFixture, template } from './fixture.ts';

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

test('a subscription of any other protocol is named, not left out', async () => {
  const folder = newFolder();
  const changed = join(folder, 'template.json');
  writeFileSync(changed, readFileSync(template, 'utf8').replace('"Protocol": "sqs"', '"Protocol": "sms"'));
  await expect(startFixture({ template: changed }, folder)).rejects.toThrow(
    'Subscription: the protocol sms is not supported on this machine, only sqs is.',
  );
});
