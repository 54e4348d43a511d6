import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { queueUrl } from '../../../infra/local/identities.ts';
import { type Queues, startQueues } from '../../../infra/local/queues.ts';
import { type Work, type WorkOptions, workThrough } from '../../../infra/operate/queues/work-through.ts';

let folder: string;
let queues: Queues;
let sqs: SQSClient;

const dead = () => queueUrl(queues.url, 'dead');
const source = () => queueUrl(queues.url, 'source');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redrive-'));
  queues = await startQueues(folder);
  for (const name of ['dead', 'source']) queues.ensureQueue(name, {});
  sqs = new SQSClient({ endpoint: queues.url, maxAttempts: 1 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  sqs.destroy();
  await queues.stop();
  rmSync(folder, { recursive: true });
});

async function fill(count: number, bytes = 10): Promise<string[]> {
  const bodies = Array.from({ length: count }, (_, n) => `${n} `.padEnd(bytes, 'x'));
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: dead(), MessageBody }));
  return bodies;
}

/** What the queue shows now, without hiding it. */
async function shown(url: string): Promise<Set<string>> {
  const bodies = new Set<string>();
  const handles: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
    );
    for (const { Body = '', MessageId = '' } of Messages) {
      bodies.add(Body);
      handles.push(MessageId);
    }
    if (Messages.length === 0) return bodies;
  }
}

const go = (work: Work, options: Partial<WorkOptions> = {}) =>
  workThrough(sqs, dead(), work, { limit: 1000, startedAtMs: Date.now(), onProgress: () => {}, ...options });
const move = (options?: Partial<WorkOptions>) => go({ action: 'move', to: source() }, options);

/** The next command of this kind fails, before or after it was done. */
function failOnce(
  kind: typeof SendMessageBatchCommand | typeof DeleteMessageBatchCommand,
  isDone: boolean,
): void {
  const send = sqs.send.bind(sqs);
  let isDue = true;
  vi.spyOn(sqs, 'send').mockImplementation((async (command: SendMessageBatchCommand) => {
    if (!(command instanceof kind) || !isDue) return send(command);
    isDue = false;
    if (isDone) await send(command);
    throw new Error('killed');
  }) as never);
}

describe('dead letters that are put back', () => {
  test('are each in their source, with attributes, and gone from here', async () => {
    const bodies = await fill(23);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: dead(),
        MessageBody: 'with an attribute',
        MessageAttributes: { type: { DataType: 'String', StringValue: 'message.received' } },
      }),
    );
    expect(await move()).toMatchObject({ done: 24, failed: 0 });
    expect(await shown(dead())).toEqual(new Set());
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: source(),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages).toHaveLength(10);
    expect(await shown(source())).toEqual(new Set([...bodies, 'with an attribute']));
  });

  test('of the greatest size go in batches that SQS takes', async () => {
    const bodies = await fill(5, 250_000);
    expect(await move()).toMatchObject({ done: 5 });
    expect(await shown(source())).toEqual(new Set(bodies));
  });

  test.each([
    ['before a batch was sent', SendMessageBatchCommand, false],
    ['after a batch was sent, whose answer was lost', SendMessageBatchCommand, true],
    ['after a batch was sent, before it was taken away', DeleteMessageBatchCommand, false],
    ['after a batch was taken away, whose answer was lost', DeleteMessageBatchCommand, true],
  ] as const)(
    'by a command that is killed %s: none is lost, and the next run completes it',
    async (_, kind, isDone) => {
      const bodies = new Set(await fill(15));
      failOnce(kind, isDone);
      await expect(move()).rejects.toThrow('killed');
      vi.restoreAllMocks();
      // In one queue or the other, or in both; what was in hand is hidden until its time is over, as a killed command leaves it.
      await queues.stop();
      queues = await startQueues(folder);
      sqs.destroy();
      sqs = new SQSClient({ endpoint: queues.url, maxAttempts: 1 });
      await move();
      expect(await shown(dead())).toEqual(new Set());
      expect(await shown(source())).toEqual(bodies);
    },
  );

  test('are no more than was asked for, and the rest shows at once', async () => {
    const bodies = await fill(12);
    const { seen, done } = await move({ limit: 5 });
    expect([seen.length, done]).toEqual([5, 5]);
    const [left, moved] = [await shown(dead()), await shown(source())];
    expect([left.size, moved.size]).toEqual([7, 5]);
    expect(new Set([...left, ...moved])).toEqual(new Set(bodies));
  });

  test('are none that came after the start: they failed anew', async () => {
    await fill(3);
    expect(await move({ startedAtMs: Date.now() - 60_000 })).toMatchObject({ done: 0, seen: [] });
    expect((await shown(dead())).size).toBe(3);
  });

  test('stop in order', async () => {
    await fill(30);
    const controller = new AbortController();
    const { done } = await move({ signal: controller.signal, onProgress: () => controller.abort() });
    expect(done).toBe(10);
    expect((await shown(dead())).size).toBe(20);
  });
});

test('looking takes nothing and hides nothing; purging takes all', async () => {
  const bodies = new Set(await fill(15));
  const { seen, done } = await go({ action: 'look' });
  expect([seen.length, done]).toEqual([15, 0]);
  expect(await shown(dead())).toEqual(bodies);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await go({ action: 'purge' })).toMatchObject({ done: 15, failed: 0 });
  expect([await shown(dead()), await shown(source())]).toEqual([new Set(), new Set()]);
});
