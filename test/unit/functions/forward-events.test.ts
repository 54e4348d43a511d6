import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { postEvent } from '../../../functions/forward-events/post-event.ts';
import { retryDelay, retryDelaysSeconds } from '../../../functions/forward-events/retry-schedule.ts';
import { signedHeaders } from '../../../functions/forward-events/sign.ts';
import type { PublishedEvent } from '../../../shared/conversations/published-event.ts';
import { lambdaContext } from '../../builders/http-event.ts';
import { queueRecord } from '../../builders/queue-record.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../builders/webhook-receiver.ts';

const secretOf = (letter: string) => `whsec_${Buffer.alloc(32, letter).toString('base64')}`;
const [first, second] = [secretOf('a'), secretOf('b')];
const eventOf = (id: string): PublishedEvent => ({
  v: 1,
  id,
  type: 'message.unsent',
  account_id: '17841400000000001',
  customer_id: '1234567890123456',
  conversation_id: '17841400000000001.1234567890123456',
  message_id: `mid.${id}`,
});

describe('what is posted', () => {
  test('is accepted by the verifier of Standard Webhooks, and by no other secret', async () => {
    const receiver = await startWebhookReceiver();
    await postEvent(eventOf('e1'), { url: receiver.url, secrets: [first] });
    const [post] = receiver.posts;
    const headers = post?.headers as Record<string, string>;
    expect(new Webhook(first).verify(post?.body ?? '', headers)).toEqual(eventOf('e1'));
    expect(() => new Webhook(second).verify(post?.body ?? '', headers)).toThrow('No matching signature');
    expect(() => new Webhook(first).verify(`${post?.body} `, headers)).toThrow('No matching signature');
    expect(headers).toMatchObject({ 'webhook-id': 'e1', 'content-type': 'application/json' });
  });

  test('is accepted by either secret while it is being changed', async () => {
    const receiver = await startWebhookReceiver();
    await postEvent(eventOf('e1'), { url: receiver.url, secrets: [second, first] });
    const [post] = receiver.posts;
    for (const secret of [first, second]) {
      const verified = new Webhook(secret).verify(post?.body ?? '', post?.headers as Record<string, string>);
      expect(verified).toEqual(eventOf('e1'));
    }
  });

  test('is refused by the verifier once it is old: it cannot be played back', () => {
    const body = JSON.stringify(eventOf('e1'));
    const headers = signedHeaders({ id: 'e1', body, atMs: Date.now() - 6 * 60_000 }, [first]);
    expect(() => new Webhook(first).verify(body, headers)).toThrow('Message timestamp too old');
  });
});

describe('what the endpoint answers', () => {
  const post = async (receiver: WebhookReceiver) =>
    postEvent(eventOf('e1'), { url: receiver.url, secrets: [first] });

  test.each([200, 201, 204])('%i takes it', async (status) => {
    const receiver = await startWebhookReceiver();
    receiver.answer({ status });
    expect(await post(receiver)).toEqual({ outcome: 'taken' });
  });

  test.each([400, 401, 404, 429, 500, 503])('%i is tried again', async (status) => {
    const receiver = await startWebhookReceiver();
    receiver.answer({ status, headers: { 'retry-after': '90' } });
    expect(await post(receiver)).toEqual({ outcome: 'failed', why: `status ${status}`, retryAfter: '90' });
  });

  test('410 is the end', async () => {
    const receiver = await startWebhookReceiver();
    receiver.answer({ status: 410 });
    expect(await post(receiver)).toEqual({ outcome: 'gone' });
  });

  test.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    const [receiver, elsewhere] = [await startWebhookReceiver(), await startWebhookReceiver()];
    receiver.answer({ status, headers: { location: elsewhere.url } });
    expect(await post(receiver)).toMatchObject({ outcome: 'failed', why: `status ${status}` });
    expect(elsewhere.posts).toEqual([]);
  });

  test('nothing, since nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve());
    });
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const posted = await postEvent(eventOf('e1'), { url: `http://127.0.0.1:${port}/`, secrets: [first] });
    expect(posted).toEqual({ outcome: 'failed', why: 'no connection', retryAfter: null });
  });

  test('nothing, since it hangs', async () => {
    const receiver = await startWebhookReceiver();
    receiver.answer('hang');
    const asked: number[] = [];
    // Its own time, which nobody waits for here.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms);
      return AbortSignal.any([AbortSignal.abort(new DOMException('late', 'TimeoutError'))]);
    });
    expect(await post(receiver)).toEqual({ outcome: 'failed', why: 'no answer in time', retryAfter: null });
    expect(asked).toEqual([15_000]);
  });
});

describe('when it is tried again', () => {
  test('grows from seconds to an hour, within a day', () => {
    expect(retryDelaysSeconds.toSorted((a, b) => a - b)).toEqual(retryDelaysSeconds);
    const hours = retryDelaysSeconds.reduce((sum, seconds) => sum + seconds, 0) / 3600;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(25);
  });

  test('is as late as the endpoint asks, up to an hour, and never sooner than planned', () => {
    expect(retryDelay(1, null, 0)).toBe(5);
    expect(retryDelay(1, '90', 0)).toBe(90);
    expect(retryDelay(1, '1', 0)).toBe(5);
    expect(retryDelay(1, '999999', 0)).toBe(3600);
    expect(retryDelay(1, new Date(60_000).toUTCString(), 0)).toBe(60);
    expect(retryDelay(1, 'soon', 0)).toBe(5);
    expect(retryDelay(99, null, 0)).toBe(3600);
  });
});

/** SQS with a clock that is moved: what it hands out, and for how long it then hides it. */
function simulatedQueue(bodies: readonly string[]) {
  const messages = bodies.map((body, place) => ({ id: `sqs-${place}`, body, dueS: 0, receives: 0 }));
  const find = (id: string) => messages.find((each) => each.id === id);
  let nowS = 0;
  return {
    now: () => nowS,
    hide: (receipt: string, seconds: number) => {
      const message = find(receipt.replace('receipt-', ''));
      if (message) message.dueS = nowS + seconds;
    },
    left: () => messages.length,
    /** The next message, at its time. */
    next() {
      const [message] = messages.toSorted((a, b) => a.dueS - b.dueS);
      if (!message) return undefined;
      nowS = Math.max(nowS, message.dueS);
      message.receives += 1;
      // Until the function says otherwise.
      message.dueS = nowS + 180;
      return message;
    },
    remove: (id: string) => {
      messages.splice(
        messages.findIndex((each) => each.id === id),
        1,
      );
    },
  };
}

describe('the function', () => {
  const sqs = mockClient(SQSClient);
  beforeEach(() => {
    sqs.reset();
    sqs.on(SendMessageCommand).resolves({});
    vi.stubEnv('SUBSCRIBER_QUEUE_URL', 'http://127.0.0.1:1/queue');
    vi.stubEnv('DEAD_LETTER_QUEUE_URL', 'http://127.0.0.1:1/letters');
    vi.stubEnv('FORWARD_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:forward');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.doUnmock('../../../functions/forward-events/signing-secrets.ts');
  });

  async function load(url: string) {
    vi.stubEnv('FORWARD_EVENTS_URL', url);
    vi.resetModules();
    vi.doMock('../../../functions/forward-events/signing-secrets.ts', () => ({
      signingSecrets: () => Promise.resolve([first]),
    }));
    return (await import('../../../functions/forward-events/handler.ts')).handler;
  }

  // The clock is moved: of the hour passes nothing. The schedule, the handler and the HTTP calls are the real ones.
  test('an endpoint that fails for an hour and comes back gets everything, once by event id', async () => {
    const receiver = await startWebhookReceiver();
    const handler = await load(receiver.url);
    const ids = Array.from({ length: 40 }, (_, n) => `e${n}`);
    const queue = simulatedQueue(ids.map((id) => JSON.stringify(eventOf(id))));
    sqs
      .on(ChangeMessageVisibilityCommand)
      .callsFake((input: { ReceiptHandle: string; VisibilityTimeout: number }) => {
        queue.hide(input.ReceiptHandle, input.VisibilityTimeout);
        return {};
      });
    const failures: number[] = [];
    for (let message = queue.next(); message; message = queue.next()) {
      const isDown = queue.now() < 3600;
      // By turns with an error, with the wrong page, and by asking for time.
      receiver.answer((post) => ({ status: isDown ? ([503, 404, 429][post % 3] ?? 500) : 204 }));
      const record = queueRecord(message.body, message.id, message.receives);
      const { batchItemFailures } = await handler({ Records: [record] }, lambdaContext);
      expect(message.receives).toBeLessThanOrEqual(retryDelaysSeconds.length + 1);
      if (batchItemFailures.length === 0) queue.remove(message.id);
      else failures.push(queue.now());
    }
    expect(receiver.taken().toSorted()).toEqual(ids.toSorted());
    expect(failures.length).toBeGreaterThan(ids.length * 5);
    expect(Math.max(...failures)).toBeLessThan(3600);
    // Nobody waits longer for it than the endpoint was down once more.
    expect(queue.now()).toBeLessThan(2 * 3600);
  });

  test('what an endpoint answers with 410 is put aside at once, and not tried again', async () => {
    const receiver = await startWebhookReceiver();
    receiver.answer({ status: 410 });
    const handler = await load(receiver.url);
    const Records = [queueRecord(JSON.stringify(eventOf('e1')))];
    expect(await handler({ Records }, lambdaContext)).toEqual({ batchItemFailures: [] });
    const [aside, ...more] = sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);
    expect(more).toEqual([]);
    expect(aside?.QueueUrl).toBe('http://127.0.0.1:1/letters');
    expect(JSON.parse(aside?.MessageBody ?? '')).toEqual(eventOf('e1'));
  });
});
