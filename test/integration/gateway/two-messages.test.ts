import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SendingGateway, startSendingGateway } from '../../builders/sending-gateway.ts';

let gateway: SendingGateway;
beforeAll(async () => {
  gateway = await startSendingGateway('facebook');
});
afterAll(() => gateway.stop());

const image = { url: 'https://shop.example/a.jpg' };
const held = (count: number) =>
  gateway
    .arrived()
    .slice(-count)
    .map(({ text, attachments }) => text ?? attachments?.[0]?.type);
const fault = (name: 'send_answers_500' | 'no_echo', probability: number) =>
  gateway.meta.world.faults.set(name, { probability });

test('an attachment and a text are two messages of one send, the text last', async () => {
  const quick_replies = [{ content_type: 'text', title: 'Yes', payload: 'YES' }];
  const { status, body } = await gateway.send({ message: { text: 'Like this?', image, quick_replies } });
  expect(status).toBe(200);
  expect(held(2)).toEqual(['image', 'Like this?']);
  expect(gateway.arrived().at(-1)?.quickReplies).toHaveLength(1);
  const mids = gateway
    .arrived()
    .slice(-2)
    .map(({ id }) => id);
  expect(body.data).toMatchObject({ message_id: mids[0], message_ids: mids });
  await expect.poll(async () => (await gateway.sendState(body.send_id)).state).toBe('confirmed');
  expect(await gateway.sendState(body.send_id)).toMatchObject({
    parts: 2,
    messages: mids.map((message_id) => ({ message_id })),
  });
  const stored = await gateway.stored();
  for (const mid of mids) {
    expect(stored.find(({ id }) => id === mid)?.sent_by?.send_id).toBe(body.send_id);
  }
});

test('a second message that Meta refuses says what was sent, and the first is not repeated', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const request = { message: { text: 'x'.repeat(1000), image } };
  await gateway.under({ textLimit: '999_characters' }, async () => {
    const before = gateway.arrived().length;
    const answers = [await gateway.send(request, headers), await gateway.send(request, headers)];
    const [mid] = gateway
      .arrived()
      .slice(-1)
      .map(({ id }) => id);
    for (const { status, body } of answers) {
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_parameter' });
      expect(body.details?.sent).toMatchObject({ message_id: mid, message_ids: [mid] });
    }
    expect(gateway.arrived().length - before).toBe(1);
    expect(await gateway.sendState(answers[0]?.body.details?.send_id)).toMatchObject({
      state: 'failed',
      messages: [{ message_id: mid }],
      error: { can_be_sent_again: false },
    });
  });
});

test('a first message that Meta refuses: the second is not sent', async () => {
  const before = gateway.arrived().length;
  const message = { file: { url: 'https://shop.example/a.exe' }, text: 'Our catalogue' };
  expect(await gateway.send({ message })).toMatchObject({ status: 400, body: { details: { code: 100 } } });
  expect(gateway.arrived()).toHaveLength(before);
});

test('a first message without an answer: once its echo has come the second follows, and nothing twice', async () => {
  fault('send_answers_500', 1);
  const asked = gateway.send({ message: { sticker: 'like_heart', text: 'Thank you!' } });
  await expect.poll(() => gateway.arrived().at(-1)?.attachments?.[0]?.type).toBe('like_heart');
  fault('send_answers_500', 0);
  const { body } = await asked;
  await expect
    .poll(async () => (await gateway.sendState(body.send_id ?? body.details?.send_id)).state, {
      timeout: 10_000,
    })
    .toBe('confirmed');
  expect(held(2)).toEqual(['like_heart', 'Thank you!']);
  expect(gateway.arrived().filter(({ attachments }) => attachments?.[0]?.type === 'like_heart')).toHaveLength(
    1,
  );
});

test('a video with a text goes out behind the scenes, in order', async () => {
  const message = { video: { url: 'https://shop.example/a.mp4' }, text: 'See how it is made' };
  const { status, body } = await gateway.send({ message });
  expect(status).toBe(202);
  await expect.poll(async () => (await gateway.sendState(body.send_id)).state).toBe('confirmed');
  expect(held(2)).toEqual(['video', 'See how it is made']);
});

test('twenty parts are all in the conversation, each with who sent it', async () => {
  const message = Array.from({ length: 20 }, (_, n) => `${n}`.padEnd(990, 'x')).join(' ');
  const { body } = await gateway.send({ message, split: true }, { prefer: 'respond-async' });
  await expect
    .poll(async () => (await gateway.sendState(body.send_id)).state, { timeout: 20_000 })
    .toBe('confirmed');
  const { messages } = await gateway.sendState(body.send_id);
  expect(messages).toHaveLength(20);
  const stored = await gateway.stored();
  const sentBy = messages.map(
    ({ message_id }) => stored.find(({ id }) => id === message_id)?.sent_by?.send_id,
  );
  expect(new Set(sentBy)).toEqual(new Set([body.send_id]));
});
