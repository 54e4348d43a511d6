import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTestGateway } from '../../builders/gateway.ts';
import { templateWith } from '../../builders/template-with.ts';
import { newFolder, startFixture, template } from './fixture.ts';

test('a template that writes alarms and costs to somebody runs here too, without the mail', async () => {
  const told = await templateWith(newFolder(), {
    env: { ALARM_EMAIL: 'shop@example.com', MONTHLY_BUDGET_USD: '20' },
  });
  const gateway = await startTestGateway({ template: told });
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
