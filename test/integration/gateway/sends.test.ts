import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { accountId } from '../../builders/webhook.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.meta.greet();
  const isStored = async () => {
    if ((await stored()).length !== 1) throw new Error('The first message is not stored yet');
  };
  await vi.waitFor(isStored, { timeout: 10_000 });
});
afterAll(() => gateway.stop());

const customer = '123456789';
const stored = async () => {
  const { body } = await gateway.api(`/api/conversations/${accountId}.${customer}/messages`);
  return (body.data ?? []) as { id: string; text?: string; sent_by?: { name: string } }[];
};
const sent = () =>
  gateway.meta.world.conversations
    .withCustomer(customer)
    ?.messages.filter(({ fromBusiness }) => fromBusiness) ?? [];

const textsSent = () => sent().map(({ text }) => text);

interface SendBody {
  readonly success: boolean;
  readonly data: { readonly recipient_id: string; readonly message_id: string };
  readonly send_id: string;
  readonly code: string;
  readonly state?: string;
}

async function send(text: string, headers: Record<string, string> = {}, more: Record<string, unknown> = {}) {
  const request = jsonBody({ recipient_id: customer, message: text, ...more });
  const { status, body } = await gateway.api('/api/send-message', {
    ...request,
    headers: { ...(request.headers as Record<string, string>), ...headers },
  });
  return { status, body: body as unknown as SendBody };
}

const detailsOf = (body: unknown) => (body as { details: { send_id: string } }).details;

async function stateOf(sendId: string): Promise<{ state: string; messages: { message_id: string }[] }> {
  const { body } = await gateway.api(`/api/sends/${sendId}`);
  return body.data as never;
}

test('whose echo comes under another id is one message, and no answer of somebody else', async () => {
  const text = `renamed ${randomUUID()}`;
  gateway.meta.world.faults.set('echo_with_another_mid', { probability: 1 });
  const { body } = await send(text);
  await gateway.meta.deliveries.settled();
  gateway.meta.world.faults.set('echo_with_another_mid', { probability: 0 });
  const { message_id: id } = body.data;
  // Our own record of it may be stored after the echo.
  const seen = async () =>
    (await stored())
      .filter((message) => message.text === text)
      .map((message) => [message.id, message.sent_by?.name]);
  await expect.poll(seen).toEqual([[id, 'first key']]);
  expect(await send('and one more', {}, { if_last: id })).toMatchObject({ status: 200 });
});

describe('an Idempotency-Key', () => {
  test('two callers at the same moment: one message, both get the same answer', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const text = `once ${randomUUID()}`;
    const [first, second] = await Promise.all([send(text, key), send(text, key)]);
    expect(first).toEqual(second);
    expect(first.status).toBe(200);
    expect(await send(text, key)).toEqual(first);
    expect(sent().filter((message) => message.text === text)).toHaveLength(1);
  });

  test('with another body is a conflict', async () => {
    const key = { 'idempotency-key': randomUUID() };
    await send('a', key);
    expect(await send('b', key)).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
  });

  test('replays a refusal of Meta, without asking again', async () => {
    const key = { 'idempotency-key': randomUUID() };
    gateway.meta.world.state.set({ messageAccess: false });
    const refused = await send('refused', key);
    gateway.meta.world.state.set({ messageAccess: true });
    expect(refused).toMatchObject({ status: 400, body: { code: 'message_access_off' } });
    expect(await send('refused', key)).toMatchObject({ status: 400, body: { code: 'message_access_off' } });
    expect(textsSent()).not.toContain('refused');
  });

  test('of a send without an answer: its echo tells that it arrived', async () => {
    const key = { 'idempotency-key': randomUUID() };
    gateway.meta.world.faults.set('send_answers_500', { probability: 1 });
    const answer = await send('did it arrive?', key);
    gateway.meta.world.faults.set('send_answers_500', { probability: 0 });
    const { send_id } = answer.status === 200 ? answer.body : detailsOf(answer.body);
    await expect.poll(async () => (await stateOf(send_id)).state).toBe('confirmed');
    expect((await stateOf(send_id)).messages).toMatchObject([{ confirmed_by: 'content' }]);
    expect(await send('did it arrive?', key)).toMatchObject({ status: 200, body: { send_id } });
    expect(textsSent().filter((text) => text === 'did it arrive?')).toHaveLength(1);
  });

  test('of a send without answer and echo: its outcome stays unknown, and it is never sent again', async () => {
    const key = { 'idempotency-key': randomUUID() };
    gateway.meta.world.faults.set('send_answers_500', { probability: 1 });
    gateway.meta.world.faults.set('no_echo', { probability: 1 });
    const answers = [await send('nobody knows', key), await send('nobody knows', key)];
    gateway.meta.world.faults.set('send_answers_500', { probability: 0 });
    gateway.meta.world.faults.set('no_echo', { probability: 0 });
    expect(answers).toMatchObject([
      { status: 504, body: { code: 'outcome_unknown' } },
      { status: 504, body: { code: 'outcome_unknown' } },
    ]);
    expect(textsSent().filter((text) => text === 'nobody knows')).toHaveLength(1);
  });

  test.each(['', 'a b', 'x'.repeat(256)])('that is none is refused: "%s"', async (key) => {
    expect(await send('x', { 'idempotency-key': key })).toMatchObject({
      status: 400,
      body: { code: 'invalid_idempotency_key' },
    });
  });
});

describe('a send', () => {
  test('is in the conversation with who sent it, and is confirmed by its echo', async () => {
    const { body } = await send('On its way');
    await expect
      .poll(async () => (await stored()).find(({ id }) => id === body.data.message_id))
      .toMatchObject({ text: 'On its way', sent_by: { kind: 'human', send_id: body.send_id } });
    await expect.poll(async () => (await stateOf(body.send_id)).state).toBe('confirmed');
  });

  test('asynchronously is accepted at once and sent soon', async () => {
    const { status, body } = await send('No hurry', { prefer: 'respond-async' });
    expect({ status, state: body.state }).toEqual({ status: 202, state: 'accepted' });
    await expect.poll(async () => (await stateOf(body.send_id)).state).toBe('confirmed');
    expect(textsSent()).toContain('No hurry');
  });

  test('of an unknown id is not found', async () => {
    expect(await gateway.api('/api/sends/nobodys')).toMatchObject({
      status: 404,
      body: { code: 'unknown_send' },
    });
  });
});

describe('if_last', () => {
  test('two agents answering at once: one message, one conflict', async () => {
    const [newest] = await stored();
    const answers = await Promise.all([
      send('Agent one', {}, { if_last: newest?.id }),
      send('Agent two', {}, { if_last: newest?.id }),
    ]);
    const settled = await Promise.all(
      answers.map(async ({ status, body }) => {
        if (status !== 202) return status;
        await expect.poll(async () => (await stateOf(body.send_id)).state).toMatch(/sent|confirmed|failed/);
        return (await stateOf(body.send_id)).state === 'failed' ? 409 : 200;
      }),
    );
    expect(settled.toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(textsSent().filter((text) => text?.startsWith('Agent'))).toHaveLength(1);
  });

  test('of the newest message passes', async () => {
    await expect.poll(async () => (await stored())[0]?.id).toBe(sent()[0]?.id);
    const [newest] = await stored();
    expect(await send('Nothing in between', {}, { if_last: newest?.id })).toMatchObject({ status: 200 });
  });
});

test('the order of one thread is kept', async () => {
  const texts = Array.from({ length: 10 }, (_, n) => `in order ${n}`);
  for (const text of texts) await send(text, { prefer: 'respond-async' });
  await expect
    .poll(() => textsSent().filter((text) => text?.startsWith('in order')), { timeout: 20_000 })
    .toHaveLength(10);
  expect(
    textsSent()
      .filter((text) => text?.startsWith('in order'))
      .toReversed(),
  ).toEqual(texts);
});

test('a refused token is told of, and once it is good again everything goes out', async () => {
  const request = (key: string, more: Record<string, string> = {}) =>
    gateway.api('/api/send-message', {
      ...jsonBody({ recipient_id: '123456789', message: `token ${key}` }),
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...more },
    });
  gateway.meta.world.faults.set('token_refused', { probability: 1, value: 463 });
  expect(await request('first')).toMatchObject({ status: 502, body: { code: 'token_expired' } });
  gateway.meta.world.faults.set('token_refused', { probability: 0 });
  expect((await request('second')).status).toBe(200);
  expect((await request('first')).status).toBe(200);
  // Newest first.
  expect(textsSent().filter((text) => text?.startsWith('token '))).toEqual(['token first', 'token second']);
});

test('a closed window is refused without asking Meta, unless forced', async () => {
  const sends = () => gateway.meta.calls.filter(({ method }) => method === 'POST').length;
  const sentBefore = sends();
  const dayAgo = Date.now() - 25 * 3_600_000;
  const item = { sender: { id: '555' }, recipient: { id: accountId }, timestamp: dayAgo };
  await gateway.deliver({
    object: 'instagram',
    entry: [{ id: accountId, messaging: [{ ...item, message: { mid: 'old', text: 'Hi' } }] }],
  });
  await expect
    .poll(async () => (await gateway.api(`/api/conversations/${accountId}.555/messages`)).status)
    .toBe(200);
  const request = (more: object) => jsonBody({ recipient_id: '555', message: 'Late', ...more });
  expect(await gateway.api('/api/send-message', request({}))).toMatchObject({
    status: 400,
    body: { code: 'outside_reply_window', details: { can_reply: false } },
  });
  expect(sends()).toBe(sentBefore);
  expect((await gateway.api('/api/send-message', request({ force: true }))).body.code).toBe(
    'unknown_recipient',
  );
});

test('what Meta is too busy for is sent later by the same key, or fails for whoever waits', async () => {
  const key = { 'idempotency-key': randomUUID() };
  gateway.meta.world.faults.set('account_rate_limited', { probability: 1 });
  const limited = await send('later', key);
  gateway.meta.world.faults.set('account_rate_limited', { probability: 0 });
  expect(limited).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(textsSent()).not.toContain('later');
});
