import { resolve } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { canaries } from '../../builders/canaries.ts';
import { startTestGateway } from '../../builders/gateway.ts';
import { accountId, customerId, delivery, messageItem } from '../../builders/webhook.ts';
import { startWebhookReceiver } from '../../builders/webhook-receiver.ts';
import { runScript } from '../local/command-run.ts';

const waiting = { timeout: 30_000, interval: 50 };

test('events wait for a secret, are signed by it, and survive an endpoint that is away', async () => {
  const receiver = await startWebhookReceiver();
  const gateway = await startTestGateway({ settings: { FORWARD_EVENTS_URL: receiver.url } });
  onTestFinished(() => gateway.stop());
  const command = async (...args: string[]) => {
    const run = runScript('infra/operate/forward-secret.ts', args, { DATA_DIR: resolve(gateway.dataDir) });
    return { code: await run.exit, said: run.output() };
  };
  const deliver = (mid: string) =>
    gateway.deliver(delivery(messageItem({ mid, text: canaries.text }, { timestamp: Date.now() })));

  expect(await command()).toMatchObject({ code: 3, said: expect.stringContaining('There is none yet') });
  await deliver('before-the-secret');
  await expect.poll(() => gateway.lines.join('\n'), waiting).toContain('NoSigningSecretError');
  expect(receiver.posts).toEqual([]);

  const made = await command('--new');
  const secret = /whsec_\S+/.exec(made.said)?.[0] ?? '';
  expect(made.code).toBe(0);
  expect((await command()).said).toContain('One is in use.');
  await expect.poll(() => receiver.taken().length, waiting).toBe(1);

  receiver.answer({ status: 503 });
  await Promise.all([deliver('while-away-1'), deliver('while-away-2')]);
  await expect.poll(() => receiver.posts.filter(({ status }) => status === 503).length, waiting).toBe(2);
  receiver.answer({ status: 204 });
  await expect.poll(() => receiver.taken().length, waiting).toBe(3);
  expect(new Set(receiver.taken()).size).toBe(3);

  for (const { body, headers } of receiver.posts) {
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      v: 1,
      type: 'message.received',
      account_id: accountId,
      customer_id: customerId,
    });
    expect(body).not.toContain(canaries.text);
  }
  expect(gateway.lines.join('\n')).not.toContain(secret);
});

test('what an endpoint no longer wants is put aside, and forwarded after all by redrive', async () => {
  const receiver = await startWebhookReceiver();
  const gateway = await startTestGateway({ settings: { FORWARD_EVENTS_URL: receiver.url } });
  onTestFinished(() => gateway.stop());
  const command = async (script: string, ...args: string[]) => {
    const run = runScript(`infra/operate/${script}.ts`, args, { DATA_DIR: resolve(gateway.dataDir) });
    return { code: await run.exit, said: run.output() };
  };
  await command('forward-secret', '--new');
  receiver.answer({ status: 410 });
  const item = messageItem({ mid: 'unwanted', text: canaries.text }, { timestamp: Date.now() });
  await gateway.deliver(delivery(item));
  await expect
    .poll(async () => (await command('redrive')).said, waiting)
    .toMatch(/ForwardEventsDeadLetterQueue: 1\n.*published message\.received/);
  expect(receiver.posts).toHaveLength(1);

  receiver.answer({ status: 204 });
  expect((await command('redrive', '--yes')).said).toContain('1 put back into ForwardEventsQueue');
  await expect.poll(() => receiver.taken().length, waiting).toBe(1);
});

test('a secret is changed in two steps, between which both are in use', async () => {
  const gateway = await startTestGateway({ settings: { FORWARD_EVENTS_URL: 'http://127.0.0.1:9/' } });
  onTestFinished(() => gateway.stop());
  const command = async (...args: string[]) => {
    const run = runScript('infra/operate/forward-secret.ts', args, { DATA_DIR: resolve(gateway.dataDir) });
    return { code: await run.exit, said: run.output() };
  };
  expect(await command('--drop-old')).toMatchObject({ code: 1, said: expect.stringContaining('no old one') });
  expect((await command('--new')).code).toBe(0);
  expect(await command('--new')).toMatchObject({ code: 0, said: expect.stringContaining('stays in use') });
  expect((await command()).said).toContain('Two are in use');
  expect(await command('--new')).toMatchObject({ code: 1, said: expect.stringContaining('--drop-old') });
  expect((await command('--drop-old')).code).toBe(0);
  expect((await command()).said).toContain('One is in use.');
  expect((await command('--new', '--drop-old')).code).toBe(2);
});

test('a gateway that forwards nothing has no secret to change', async () => {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.stop());
  const run = runScript('infra/operate/forward-secret.ts', [], { DATA_DIR: resolve(gateway.dataDir) });
  expect(await run.exit).toBe(1);
  expect(run.output()).toContain('Set FORWARD_EVENTS_URL');
});
