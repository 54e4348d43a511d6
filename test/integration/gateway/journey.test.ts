import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphConversationView } from '../../../functions/get-messages/answer-shape.ts';
import type { ConversationView, MessageView } from '../../../shared/conversations/view-shapes.ts';
import { canaries } from '../../builders/canaries.ts';
import { eventsStored, jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { accountId, delivery, messageItem } from '../../builders/webhook.ts';

const waiting = { timeout: 10_000, interval: 50 };

describe.each(['facebook', 'instagram'])("the README's journey, %s login", (login) => {
  let gateway: TestGateway;
  const customer = '1234567890123456';
  const conversationId = `${accountId}.${customer}`;
  const text = `${canaries.text} Fährt ihr nach Malmö? 👩‍👩‍👧 שלום </script>`;

  beforeAll(async () => {
    gateway = await startTestGateway({ settings: { INSTAGRAM_LOGIN: login } });
  });
  afterAll(() => gateway.stop());

  const messages = async (id = conversationId) =>
    ((await gateway.api(`/api/conversations/${id}/messages`)).body.data ?? []) as MessageView[];

  test('the handshake', async () => {
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': canaries.verifyToken,
      'hub.challenge': '482915370',
    });
    const response = await fetch(`${gateway.url}/api/webhook?${query.toString()}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toBe('482915370');
    expect(await gateway.meta.verifyCallback()).toBe(true);
  });

  test('a signed delivery with umlauts, emoji, right-to-left text and markup', async () => {
    const sentAtMs = Date.now();
    const item = messageItem({ mid: 'm1', text }, { timestamp: sentAtMs });
    expect(await gateway.meta.deliver(delivery(item))).toEqual({ status: 200 });
    await expect
      .poll(() => messages(), waiting)
      .toEqual([
        {
          id: 'm1',
          direction: 'in',
          kind: 'text',
          text,
          sent_at: new Date(sentAtMs).toISOString(),
        },
      ]);
  });

  test("the seed's changes[] delivery, its time a string of seconds", async () => {
    const value = messageItem(
      { mid: 'message_id', text: canaries.text, attachments: [] },
      { sender: { id: 'sender_instagram_id' }, timestamp: '1527459824' },
    );
    const seed = {
      object: 'instagram',
      entry: [{ id: accountId, time: 1569262486134, changes: [{ field: 'messages', value }] }],
    };
    expect((await gateway.deliver(seed)).status).toBe(200);
    await expect
      .poll(() => messages(`${accountId}.sender_instagram_id`), waiting)
      .toEqual([
        {
          id: 'message_id',
          direction: 'in',
          kind: 'text',
          text: canaries.text,
          sent_at: '2018-05-27T22:23:44.000Z',
        },
      ]);
  });

  test('a second delivery changes nothing', async () => {
    const before = await messages();
    const item = messageItem({ mid: 'm1', text }, { timestamp: Date.parse(before[0]?.sent_at ?? '') });
    const copies = delivery(item, item);
    await gateway.deliver(copies);
    await gateway.deliver(copies);
    // The two deliveries before, and these two of two.
    await expect.poll(() => eventsStored(gateway), waiting).toBe(6);
    expect(await messages()).toEqual(before);
  });

  test('the inbox says who wrote last and whether one may answer', async () => {
    const { status, body } = await gateway.api('/api/conversations');
    expect(status).toBe(200);
    const [first, second] = body.data as unknown as ConversationView[];
    expect(first).toMatchObject({
      id: conversationId,
      recipient_id: customer,
      account_id: accountId,
      participant: { id: customer },
      last_message: { id: 'm1', text },
      unread: true,
      can_reply: true,
      reply_window: { state: 'open', reason: 'customer_wrote' },
    });
    expect(second).toMatchObject({
      recipient_id: 'sender_instagram_id',
      can_reply: false,
      reply_window: { state: 'closed', reason: 'window_expired' },
    });
  });

  test('an answer that replies to the message, and its echo', async () => {
    const { status, body } = await gateway.api(
      '/api/send-message',
      jsonBody({ recipient_id: customer, message: `${canaries.text} Ja!`, reply_to: 'm1' }),
    );
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        success: true,
        data: { recipient_id: customer, message_id: expect.any(String) },
        send_id: expect.any(String),
      },
    });
    const { message_id } = body.data as unknown as { message_id: string };
    expect(gateway.meta.calls.at(-1)).toMatchObject({
      method: 'POST',
      path: '/v25.0/me/messages',
      body: {
        recipient: { id: customer },
        message: { text: `${canaries.text} Ja!` },
        reply_to: { mid: 'm1' },
      },
    });
    await expect
      .poll(async () => (await messages())[0], waiting)
      .toMatchObject({
        id: message_id,
        direction: 'out',
        text: `${canaries.text} Ja!`,
        reply_to: { mid: 'm1' },
      });
  });

  test('after the answer the conversation is read, and its window still counts from the customer', async () => {
    const { body } = await gateway.api('/api/conversations?limit=1');
    const [conversation] = body.data as unknown as ConversationView[];
    const [, question] = await messages();
    expect(conversation).toMatchObject({
      unread: false,
      last_message: { direction: 'out' },
      reply_window: { state: 'open', opened_at: question?.sent_at },
    });
    expect(body.cursor).toEqual(expect.any(String));
  });

  test("get-messages has the seed's shape", async () => {
    const { status, body } = await gateway.api('/api/get-messages');
    expect(status).toBe(200);
    const [conversation] = body.data as unknown as GraphConversationView[];
    expect(conversation).toMatchObject({
      id: conversationId,
      updated_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
      participants: { data: [{ id: customer }, { id: accountId }] },
      recipient_id: customer,
      can_reply: true,
    });
    expect(conversation?.messages.data[1]).toMatchObject({
      id: 'm1',
      created_time: expect.stringMatching(/\+0000$/),
      from: { id: customer },
      to: { data: [{ id: accountId }] },
      message: text,
    });
  });

  test('source=graph asks Meta, and lets no token through', async () => {
    const { status, body } = await gateway.api('/api/get-messages?source=graph');
    expect(status).toBe(200);
    const conversations = body.data as unknown as GraphConversationView[];
    const conversation = conversations.find(({ recipient_id }) => recipient_id === customer);
    expect(conversation).toMatchObject({ can_reply: true, reply_window: { state: 'open' } });
    expect(conversation?.messages.data.map(({ message }) => message)).toEqual([`${canaries.text} Ja!`, text]);
    expect(JSON.stringify(body)).not.toContain(canaries.accessToken);
    expect(JSON.stringify(body)).not.toContain('paging');
  });

  test("a refusal of Meta is passed on in the seed's form, with what to do", async () => {
    const { status, body } = await gateway.api(
      '/api/send-message',
      jsonBody({ recipient_id: '999', message: canaries.text }),
    );
    expect(status).toBe(400);
    expect(body).toEqual({
      error: expect.stringContaining('recipient_id'),
      code: 'unknown_recipient',
      details: expect.objectContaining({
        message: expect.any(String),
        type: login === 'facebook' ? 'OAuthException' : 'IGApiException',
        code: 100,
        error_subcode: 2534014,
        fbtrace_id: expect.any(String),
      }),
      request_id: expect.any(String),
    });
  });

  test("the console says the seed's line, without the text", async () => {
    const [question] = (await messages()).slice(-1);
    const line = `New message from ${customer}: { messageId: 'm1', textBytes: ${Buffer.byteLength(text)}, attachments: 0, timestamp: ${Date.parse(question?.sent_at ?? '')} }`;
    await expect.poll(() => gateway.lines, waiting).toContain(line);
    // It was delivered five times.
    expect(gateway.lines.filter((each) => each.includes("messageId: 'm1'"))).toHaveLength(1);
  });
});

test('pages continue where they ended, also among messages of the same millisecond', async () => {
  const gateway = await startTestGateway();
  try {
    const nowMs = Date.now();
    const items = Array.from({ length: 30 }, (_, n) =>
      messageItem(
        { mid: `m${String(n).padStart(2, '0')}`, text: canaries.text },
        { timestamp: nowMs + Math.floor(n / 10) },
      ),
    );
    expect((await gateway.deliver(delivery(...items))).status).toBe(200);
    const path = `/api/conversations/${accountId}.1234567890123456/messages`;
    await expect
      .poll(
        async () => ((await gateway.api(`${path}?limit=100`)).body.data as unknown as unknown[])?.length,
        waiting,
      )
      .toBe(30);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await gateway.api(`${path}?limit=7${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...(body.data as unknown as MessageView[]).map(({ id }) => id));
      cursor = body.cursor;
    } while (cursor);
    expect(seen).toEqual(items.map(({ message }) => (message as { mid: string }).mid).reverse());
  } finally {
    await gateway.stop();
  }
});
