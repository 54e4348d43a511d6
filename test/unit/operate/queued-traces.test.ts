import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import type { Person } from '../../../infra/operate/customer/person.ts';
import { sweepQueue } from '../../../infra/operate/customer/queued-traces.ts';

test('a queue that is longer than a sweep is said to be so, and its messages do not use up their tries', async () => {
  const sqs = mockClient(SQSClient);
  const batch = [1, 2].map((n) => ({ MessageId: `m${n}`, ReceiptHandle: `r${n}`, Body: `{"of":"9${n}"}` }));
  sqs.on(ReceiveMessageCommand).resolves({ Messages: batch });
  sqs.on(DeleteMessageBatchCommand).resolves({ Successful: [{ Id: '0' }], Failed: [] });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
  const person = { ids: ['91'], isNamedIn: (text: string) => text.includes('91') } as unknown as Person;
  const queue = { name: 'EventsQueue', url: 'http://127.0.0.1:1/q', sources: [], waiting: 0 };
  const swept = await sweepQueue(new SQSClient({}), queue, person, { upToMs: 0, isErasing: true });
  expect(swept).toMatchObject({ isWhole: false, bodies: ['{"of":"91"}'] });
  expect(sqs.commandCalls(ReceiveMessageCommand)).toHaveLength(2);
});

test('what became of a send to the person is theirs, up to the moment of forgetting', async () => {
  const update = (at: number) =>
    JSON.stringify({
      v: 1,
      source: 'send_update',
      account_id: '17841400000000001',
      send_id: 'send',
      state: 'failed',
      at,
      code: 'user_unavailable',
      customer_id: '91',
    });
  const sqs = mockClient(SQSClient);
  const messages = [1000, 2000].map((at) => ({ MessageId: `m${at}`, ReceiptHandle: 'r', Body: update(at) }));
  sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages: messages }).resolves({});
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
  const person = { ids: ['91'], isNamedIn: (text: string) => text.includes('91') } as unknown as Person;
  const queue = { name: 'EventsQueue', url: 'http://127.0.0.1:1/q', sources: [], waiting: 0 };
  const swept = await sweepQueue(new SQSClient({}), queue, person, { upToMs: 1500, isErasing: false });
  expect(swept.bodies).toEqual([update(1000)]);
});
