import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accessToken, accountId, call as callGraph, startTestMeta, written } from './simulated-meta.ts';

// 2025-07-28T22:44:49Z
const startMs = 1753742689000;

const list = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  paging: z
    .object({ cursors: z.object({ before: z.string(), after: z.string() }), next: z.string().optional() })
    .optional(),
});
const withMessages = z.object({ id: z.string(), messages: list });

// The first customer wrote last, an hour later.
const clock = createClock({ startMs: startMs + 60 * 60 * 1000 });

/** A call a second stays within Meta's limit to reading conversations. */
async function call(of: Pick<Meta, 'url'>, path: string, body?: unknown): ReturnType<typeof callGraph> {
  await clock.advance(1000);
  return callGraph(of, path, body);
}

let meta: Meta;
let callback: CallbackServer;
let conversationId: string;
beforeAll(async () => {
  callback = await startCallbackServer();
  meta = await startTestMeta({ callbackUrl: callback.url, clock });
  for (let i = 0; i < 25; i += 1)
    await meta.deliver(written('77', `m_${i}`, `text ${i}`, startMs + i * 1000));
  await meta.deliver(written('88', 'm_88', 'older', String(startMs / 1000 - 60)));
  const { body } = await call(meta, '/me/conversations?platform=instagram&user_id=77');
  conversationId = list.parse(body).data[0]?.id ?? '';
});
afterAll(async () => {
  await meta.stop();
  await callback.close();
});

async function read(path: string): Promise<Record<string, unknown>> {
  const { status, body } = await call(meta, path);
  expect(body).not.toHaveProperty('error');
  expect(status).toBe(200);
  return body;
}

describe('me', () => {
  it('is the Page under Facebook login', async () => {
    expect(await read('/v25.0/me?fields=name,instagram_business_account')).toEqual({
      id: expect.not.stringMatching(accountId),
      name: 'shop (simulated)',
      instagram_business_account: { id: accountId },
    });
    const { body } = await call(meta, '/me?fields=user_id');
    expect(body).toMatchObject({ error: { code: 100, message: expect.stringContaining('(user_id)') } });
  });

  it('is the account under Instagram login, whose id is not its user_id', async () => {
    const instagram = await startTestMeta({ login: 'instagram' });
    const { body } = await call(instagram, '/me?fields=id,user_id,username');
    const listed = await call(instagram, '/me/conversations');
    const refused = await call(instagram, '/nobody');
    await instagram.stop();
    expect(body).toEqual({
      id: expect.not.stringMatching(accountId),
      user_id: accountId,
      username: 'shop',
    });
    expect(listed.body.data).toHaveLength(1);
    expect(refused.body).toMatchObject({ error: { type: 'IGApiException' } });
  });
});

describe('conversations', () => {
  it('are listed by newest activity, with ids and ISO times', async () => {
    const { data } = list.parse(await read('/me/conversations?platform=instagram'));
    expect(data).toHaveLength(3);
    expect(data.slice(1)).toEqual([
      { id: conversationId, updated_time: '2025-07-28T22:45:13+0000' },
      { id: expect.stringMatching(/^aWdfZAG06/), updated_time: '2025-07-28T22:43:49+0000' },
    ]);
  });

  it('are those of Messenger, none here, unless a Page asks for Instagram', async () => {
    expect(await read('/me/conversations')).toEqual({ data: [] });
  });

  it('of one customer, and of nobody', async () => {
    expect(list.parse(await read('/me/conversations?platform=instagram&user_id=77')).data).toHaveLength(1);
    expect(await read('/me/conversations?platform=instagram&user_id=1')).toEqual({ data: [] });
  });

  it('page by page, each next holding the token and working as it is', async () => {
    const query = 'platform=instagram&fields=id,participants&limit=2';
    const first = list.parse(await read(`/v25.0/me/conversations?${query}`));
    const next = first.paging?.next ?? '';
    expect(next).toContain(`${meta.url}/v25.0/me/conversations?access_token=${accessToken}`);
    const last = list.parse(await (await fetch(next)).json());
    expect([...first.data, ...last.data]).toEqual([
      { id: expect.any(String), participants: expect.anything() },
      { id: conversationId, participants: expect.anything() },
      { id: expect.any(String), participants: expect.anything() },
    ]);
    expect(first.data).toHaveLength(2);
    expect(last.paging?.next).toBeUndefined();
  });

  it.each(['limit=0', 'limit=-1', 'limit=x', 'after=QVFI'])('refuses %s', async (query) => {
    const { status, body } = await call(meta, `/me/conversations?platform=instagram&${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 100 } });
  });
});

describe('one conversation', () => {
  it('tells its participants', async () => {
    expect(await read(`/v25.0/${conversationId}?fields=participants`)).toEqual({
      id: conversationId,
      participants: {
        data: [
          { username: 'customer_77', id: '77' },
          { username: 'shop', id: accountId },
        ],
      },
    });
  });

  it('lists all messages newest first, and details of the 20 newest alone', async () => {
    const body = await read(`/${conversationId}?fields=messages.limit(50){message,from}`);
    const { data, ...rest } = withMessages.parse(body).messages;
    expect(data.map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, i) => `m_${24 - i}`));
    expect(data[19]).toEqual({ id: 'm_5', message: 'text 5', from: { username: 'customer_77', id: '77' } });
    expect(data[20]).toEqual({ id: 'm_4', created_time: '2025-07-28T22:44:53+0000' });
    expect(rest.paging?.next).toBeUndefined();
  });

  it('pages its messages, nested and on the edge that next names', async () => {
    const first = withMessages.parse(
      await read(`/v25.0/${conversationId}?fields=messages.limit(24){message}`),
    );
    expect(first.messages.data).toHaveLength(24);
    const { next } = first.messages.paging ?? {};
    expect(next).toContain(`${meta.url}/v25.0/${conversationId}/messages?access_token=${accessToken}`);
    const last = list.parse(await (await fetch(next ?? '')).json());
    expect(last.data.map(({ id }) => id)).toEqual(['m_0']);
    expect(last.paging?.next).toBeUndefined();

    const after = first.messages.paging?.cursors.after;
    const nested = withMessages.parse(
      await read(`/${conversationId}?fields=messages.limit(5).after(${after})`),
    );
    expect(nested.messages.data.map(({ id }) => id)).toEqual(['m_0']);
  });

  it('has no next page behind a page that the last message fills', async () => {
    const { messages } = withMessages.parse(await read(`/${conversationId}?fields=messages.limit(25)`));
    expect(messages.data).toHaveLength(25);
    expect(messages.paging?.next).toBeUndefined();
  });

  it('refuses a field that it does not have, and a syntax error', async () => {
    const unknown = await call(meta, `/${conversationId}?fields=constructor`);
    expect(unknown.body).toMatchObject({ error: { code: 100 } });
    const broken = await call(meta, `/${conversationId}?fields=messages{id`);
    expect(broken.body).toMatchObject({ error: { code: 2500 } });
  });
});

describe('one message', () => {
  it('tells id and time by default, and what it is asked for', async () => {
    expect(await read('/m_24')).toEqual({ id: 'm_24', created_time: '2025-07-28T22:45:13+0000' });
    expect(await read('/v25.0/m_24?fields=id,created_time,from,to,message,reply_to')).toEqual({
      id: 'm_24',
      created_time: '2025-07-28T22:45:13+0000',
      from: { username: 'customer_77', id: '77' },
      to: { data: [{ username: 'shop', id: accountId }] },
      message: 'text 24',
    });
  });

  it('older than the 20 newest, or unsent, reads as deleted', async () => {
    expect((await call(meta, '/m_5?fields=message')).status).toBe(200);
    expect((await call(meta, '/m_4?fields=message')).body).toMatchObject({ error: { code: 9000001 } });

    await meta.deliver(written('99', 'm_99', 'regretted', clock.nowMs()));
    const unsent = { sender: { id: '99' }, recipient: { id: accountId }, timestamp: clock.nowMs() };
    const message = { mid: 'm_99', is_deleted: true };
    await meta.deliver({
      object: 'instagram',
      entry: [{ id: accountId, messaging: [{ ...unsent, message }] }],
    });
    expect((await call(meta, '/m_99')).body).toMatchObject({ error: { code: 9000001 } });
    // Whoever unsends has still written.
    const reply = { recipient: { id: '99' }, message: { text: 'Hello?' } };
    expect((await call(meta, '/me/messages', reply)).status).toBe(200);
  });

  it('that was sent is held with its reply_to', async () => {
    const sent = await call(meta, '/me/messages', {
      recipient: { id: '123456789' },
      message: { text: 'Yes' },
      reply_to: { mid: 'm_1' },
    });
    expect(await read(`/${String(sent.body.message_id)}?fields=from,message,reply_to`)).toEqual({
      id: sent.body.message_id,
      from: { username: 'shop', id: accountId },
      message: 'Yes',
      reply_to: { mid: 'm_1' },
    });
  });
});

describe('a customer', () => {
  it('can be looked up after writing', async () => {
    expect(await read('/v25.0/123456789?fields=name,username,profile_pic')).toEqual({
      id: '123456789',
      name: 'Ada',
      username: 'ada',
      profile_pic: null,
    });
  });

  it.each([
    '/4242?fields=name',
    '/v25.0',
    '/',
    '/me/feed',
    '/77/messages',
    '/me/conversations/1',
    '/%E0%A4%A',
  ])('%s is refused', async (path) => {
    const { status, body } = await call(meta, path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 100 } });
  });
});
