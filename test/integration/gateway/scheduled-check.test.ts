import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import type { StatusView } from '../../../shared/account/status-shape.ts';
import { startTestGateway } from '../../builders/gateway.ts';

test('the schedule checks the account, again and again, and the status tells what was found', async () => {
  const gateway = await startTestGateway({ schedulePeriodMs: 1000 });
  onTestFinished(() => gateway.stop());
  const status = async () => (await gateway.api('/api/status')).body.data as unknown as StatusView;
  const codes = async () => (await status()).findings.map(({ code }) => code);

  await expect.poll(status, { timeout: 30_000 }).toHaveProperty('checked_at');
  const first = await status();
  expect(await codes()).not.toContain('not_connected');
  expect(await codes()).not.toContain('dead_letters_waiting');
  expect(first.account).toMatchObject({ login: 'facebook' });

  const sqs = new SQSClient(localClient(gateway.endpoints.sqs));
  onTestFinished(() => sqs.destroy());
  await sqs.send(
    new SendMessageCommand({ QueueUrl: gateway.queueUrl('EventsDeadLetterQueue'), MessageBody: '{}' }),
  );
  await expect.poll(codes, { timeout: 30_000 }).toContain('dead_letters_waiting');
  const second = await status();
  expect(Date.parse(second.checked_at ?? '')).toBeGreaterThan(Date.parse(first.checked_at ?? ''));
  expect(gateway.lines.join('\n')).toMatch(/check-account INFO account checked .*dead_letters_waiting/);
});
