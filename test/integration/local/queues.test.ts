import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { close, listen } from '../../../infra/local/servers.ts';
import { type Fixture, startFixture } from './fixture.ts';

let gateway: Fixture;
beforeAll(async () => {
  gateway = await startFixture({ visibilityTimeoutSeconds: 2 });
});
afterAll(async () => {
  await gateway.stop();
  rmSync(gateway.dataDir, { recursive: true });
});

/** One batch, so that its messages share an invocation. */
async function enqueue(...bodies: readonly { id: string; fault?: string }[]): Promise<void> {
  const { Failed = [] } = await gateway.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: gateway.queueUrl('WorkQueue'),
      Entries: bodies.map((body) => ({ Id: body.id, MessageBody: JSON.stringify(body) })),
    }),
  );
  expect(Failed).toEqual([]);
}

async function deadLetters(count: number): Promise<string[]> {
  const ids: string[] = [];
  await expect
    .poll(
      async () => {
        const { Messages = [] } = await gateway.sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: gateway.queueUrl('DeadLetter'),
            MaxNumberOfMessages: 10,
            VisibilityTimeout: 600,
            WaitTimeSeconds: 1,
          }),
        );
        ids.push(...Messages.map(({ Body = '' }) => (JSON.parse(Body) as { id: string }).id));
        return ids.length;
      },
      { timeout: 20_000 },
    )
    .toBe(count);
  return ids.toSorted();
}

test('only what is reported as failed is tried again, and ends in the dead-letter queue', async () => {
  await enqueue({ id: 'good-1' }, { id: 'poison', fault: 'reported' }, { id: 'good-2' });
  expect(await deadLetters(1)).toEqual(['poison']);
  expect(await gateway.consumed()).toMatchObject({ 'good-1': 1, poison: 2, 'good-2': 1 });
});

test('an answer that is none, or an exception, is no success', async () => {
  await enqueue(
    { id: 'null-id', fault: 'null id' },
    { id: 'unknown-id', fault: 'unknown id' },
    { id: 'exception', fault: 'exception' },
  );
  expect(await deadLetters(3)).toEqual(['exception', 'null-id', 'unknown-id']);
  expect(gateway.lines.join('\n')).toMatch(/consume batch of \d failed: Error: as asked/);
});

test('a timeout is no success', async () => {
  await enqueue({ id: 'hang', fault: 'hang' });
  expect(await deadLetters(1)).toEqual(['hang']);
  expect(gateway.lines.join('\n')).toContain('consume batch of 1 failed: Task timed out after 1.00 seconds');
});

test('a subscription passes on what its filter lets through', async () => {
  const sns = new SNSClient(localClient(gateway.endpoints.sns));
  onTestFinished(() => sns.destroy());
  const publish = (type: string, message: unknown) =>
    sns.send(
      new PublishCommand({
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:EventsTopic',
        Message: JSON.stringify(message),
        MessageAttributes: { type: { DataType: 'String', StringValue: type } },
      }),
    );
  const received = {
    id: 'event-1',
    type: 'message.received',
    customer_id: '123',
    message_id: 'm_1',
    text_bytes: 12,
    attachments: 0,
    at: 1527459824000,
  };
  await publish('message.echoed', { ...received, id: 'event-0', type: 'message.echoed', message_id: 'm_0' });
  await publish('message.received', received);

  const { Messages = [] } = await gateway.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: gateway.queueUrl('Subscriber'),
      WaitTimeSeconds: 5,
      MaxNumberOfMessages: 10,
    }),
  );
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([received]);
  await expect
    .poll(() => gateway.lines)
    .toContain(
      "New message from 123: { messageId: 'm_1', textBytes: 12, attachments: 0, timestamp: 1527459824000 }",
    );
  expect(gateway.lines.join('\n')).not.toContain('m_0');
});

test('a proxy can stand before the queue, for the functions alone', async () => {
  const refusing = createServer((_, response) => response.writeHead(503).end());
  const proxyUrl = `http://127.0.0.1:${await listen(refusing)}`;
  const proxied = await startFixture({ sqsProxy: async () => proxyUrl });
  onTestFinished(async () => {
    await proxied.stop();
    await close(refusing);
    rmSync(proxied.dataDir, { recursive: true });
  });
  const answer = await fetch(`${proxied.url}/enqueue`, { method: 'POST', body: '{"id":"x"}' });
  expect(answer.status).toBe(502);
  expect(proxied.queueUrl('WorkQueue')).toContain(proxied.endpoints.sqs);
});

test('a message that is given back at once is there again', async () => {
  const QueueUrl = gateway.queueUrl('DeadLetter');
  await gateway.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'given back' }));
  const receive = async () => {
    const { Messages = [] } = await gateway.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }),
    );
    return Messages[0];
  };
  const first = await receive();
  expect(first?.Body).toBe('given back');
  await gateway.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  const second = await receive();
  expect(second?.Body).toBe('given back');
  await gateway.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
});
