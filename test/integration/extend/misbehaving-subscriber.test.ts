import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import type { MessageView } from '../../../shared/conversations/view-shapes.ts';
import { canaries } from '../../builders/canaries.ts';
import { startTestGateway } from '../../builders/gateway.ts';
import { templateWithCode } from '../../builders/subscriber-template.ts';
import { accountId, customerId, delivery, messageItem } from '../../builders/webhook.ts';

const extensions = {
  AUTO_REPLY: 'on',
  AUTO_REPLY_KEYWORDS: '[{ "words": ["price"], "reply": "See our page." }]',
};
const misbehaves = resolve(import.meta.dirname, '../../fixtures/extend/misbehaves');
const messages = 60;

test('an auto-reply that throws, sleeps and spins loses and delays no message', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'misbehaves-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const gateway = await startTestGateway({
    template: await templateWithCode(extensions, 'auto-reply', misbehaves, folder),
  });
  onTestFinished(() => gateway.stop());
  const client = new SQSClient(localClient(gateway.endpoints.sqs));
  onTestFinished(() => client.destroy());

  const deliver = (mid: string) =>
    gateway.deliver(
      delivery(messageItem({ mid, text: `price? ${canaries.text}` }, { timestamp: Date.now() })),
    );
  const ways = () => new Set(gateway.lines.flatMap((line) => /misbehaves: (\w+)/.exec(line)?.[1] ?? []));
  // Ten events are a batch: it takes as many deliveries until it has shown its first way.
  expect((await deliver('first')).status).toBe(200);
  await expect.poll(ways).toContain('throws');

  const mids = Array.from({ length: messages }, (_, n) => `m${n}`);
  for (const mid of mids) expect((await deliver(mid)).status).toBe(200);
  const stored = async () => {
    const { body } = await gateway.api(`/api/conversations/${accountId}.${customerId}/messages?limit=100`);
    return ((body.data ?? []) as MessageView[]).map(({ id }) => id);
  };
  // Before the function has ended even one of its calls: a sleeping one has 30 seconds.
  await expect.poll(async () => (await stored()).length, { timeout: 15_000 }).toBe(messages + 1);
  expect(new Set(await stored())).toEqual(new Set(['first', ...mids]));
  expect(ways().size).toBeGreaterThan(1);

  // Nor is an event lost: those that it has not dealt with are in its queue.
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: gateway.queueUrl('AutoReplyQueue'),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const waiting =
    Number(Attributes?.ApproximateNumberOfMessages) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
  expect(waiting).toBe(messages + 1);
});
