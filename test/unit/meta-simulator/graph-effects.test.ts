import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type MovableClock } from '../../../infra/meta-simulator/clock.ts';
import type { Meta, StartMetaOptions } from '../../../infra/meta-simulator/start-meta.ts';
import { accessToken, accountId, appSecret, call, startTestMeta } from './simulated-meta.ts';

const hourMs = 60 * 60 * 1000;
const ada = { id: '123456789' };
const toAda = { recipient: ada, message: { text: 'Hello' } };
const appId = '111000000000001';

let clock: MovableClock;
let meta: Meta;
const started: Meta[] = [];
async function start(options: Partial<StartMetaOptions> = {}): Promise<Meta> {
  const another = await startTestMeta({ clock, seed: 'effects', ...options });
  started.push(another);
  return another;
}
beforeEach(async () => {
  clock = createClock({ startMs: 1_760_000_000_000 });
  meta = await start();
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
});

function held(mid: unknown) {
  return meta.world.conversations.message(String(mid));
}

describe('what a send leaves', () => {
  it('quick replies, their titles cut', async () => {
    const { body } = await call(meta, '/me/messages', {
      recipient: ada,
      message: {
        text: 'Pick',
        quick_replies: [
          { content_type: 'text', title: '123456789012345678901', payload: 'P' },
          { content_type: 'user_email' },
        ],
      },
    });
    expect(held(body.message_id)?.quickReplies).toEqual([
      { type: 'text', title: '12345678901234567890', payload: 'P' },
      { type: 'user_email' },
    ]);
  });

  it('the url of an upload in place of its id', async () => {
    const attachment = { type: 'image', payload: { url: 'https://files.example/a.png', is_reusable: true } };
    const upload = await call(meta, '/me/message_attachments', { message: { attachment } });
    const { body } = await call(meta, '/me/messages', {
      recipient: ada,
      message: {
        attachments: [{ type: 'image', payload: { attachment_id: upload.body.attachment_id } }],
      },
    });
    expect(held(body.message_id)?.attachments).toEqual([
      { type: 'image', payload: { url: 'https://files.example/a.png' } },
    ]);
  });

  it('a private reply in the thread of who commented, which is no consent', async () => {
    const from = { id: '555', username: 'bo' };
    meta.world.comments.add({ id: '9', from, text: 'price?', mediaId: '1', atMs: clock.nowMs() });
    const { body } = await call(meta, '/me/messages', {
      recipient: { comment_id: '9' },
      message: { text: 'Ten' },
    });
    expect(body).toEqual({ recipient_id: '555', message_id: expect.any(String) });
    expect(meta.world.conversations.withCustomer('555')?.messages[0]).toMatchObject({ text: 'Ten' });
    const second = { recipient: { id: '555' }, message: { text: 'And?' } };
    expect((await call(meta, '/me/messages', second)).body).toMatchObject({
      error: { code: 100, error_subcode: 2534014 },
    });
  });

  it('the thread in the General folder', async () => {
    const { threads } = meta.world.state;
    threads.set(ada.id, { folder: 'requests' });
    await call(meta, '/me/messages', toAda);
    expect(threads.of(ada.id).folder).toBe('general');
  });
});

describe('private replies', () => {
  const live = { isBroadcasting: true };

  it.each([
    ['to posts: 750 an hour', 750, {}, hourMs],
    ['to live videos: 100 a second', 100, { live }, 1000],
  ])('%s', async (_, limit, kind, windowMs) => {
    const reply = async (id: string) => {
      const from = { id: `person ${id}`, username: 'bo' };
      meta.world.comments.add({ id, from, text: '?', mediaId: '1', atMs: clock.nowMs(), ...kind });
      return call(meta, '/me/messages', { recipient: { comment_id: id }, message: { text: 'Ten' } });
    };
    const statuses = new Set<number>();
    for (let i = 0; i < limit; i += 1) statuses.add((await reply(String(i))).status);
    expect([...statuses]).toEqual([200]);
    expect((await reply('one more')).body).toMatchObject({ error: { code: 613, error_subcode: 2534040 } });
    await clock.advance(windowMs);
    expect((await reply('later')).status).toBe(200);
  });
});

describe('a sender action', () => {
  const mid = () => meta.world.conversations.withCustomer(ada.id)?.messages[0]?.id;
  const act = (action: string, payload?: unknown) =>
    call(meta, '/me/messages', { recipient: ada, sender_action: action, ...(payload ? { payload } : {}) });

  it('reacts once, the last time counts, and takes it back', async () => {
    await act('react', { message_id: mid(), reaction: 'love' });
    await act('react', { message_id: mid(), reaction: '🎉' });
    expect(held(mid())?.reactions).toEqual([{ fromBusiness: true, reaction: 'other', emoji: '🎉' }]);
    await act('unreact', { message_id: mid() });
    expect(held(mid())?.reactions).toEqual([]);
  });

  it.each([
    ['no message', {}],
    ['an unknown message', { message_id: 'm_unknown', reaction: 'love' }],
    ['a word', { message_id: 'first', reaction: 'applause' }],
  ])('refuses to react to %s', async (_, payload) => {
    const first = 'message_id' in payload && payload.message_id === 'first' ? { message_id: mid() } : {};
    const { status, body } = await act('react', { ...payload, ...first });
    expect(status).toBe(400);
    expect(body).toHaveProperty('error.code');
    expect(held(mid())?.reactions).toBeUndefined();
  });

  it('shows typing for 20 seconds, or until it is turned off, and marks as seen', async () => {
    const { threads } = meta.world.state;
    await act('typing_on');
    expect(threads.of(ada.id).typingUntilMs).toBe(clock.nowMs() + 20_000);
    await act('typing_off');
    expect(threads.of(ada.id).typingUntilMs).toBe(clock.nowMs());
    await act('mark_seen');
    expect(threads.of(ada.id).seenAtMs).toBe(clock.nowMs());
    expect((await act('wave')).status).toBe(400);
  });
});

describe('a thread', () => {
  const control = (name: string, more = {}) => call(meta, `/me/${name}`, { recipient: ada, ...more });
  const status = async () => (await call(meta, '/me/messages', toAda)).status;

  it('can be passed on, taken back under routing, and released to the default app', async () => {
    expect((await control('pass_thread_control', { target_app_id: '222' })).body).toEqual({ success: true });
    expect(await status()).toBe(400);
    meta.world.state.set({ defaultAppId: appId });
    expect(await status()).toBe(400);
    await control('take_thread_control');
    expect(await status()).toBe(200);
    await control('pass_thread_control', { target_app_id: '222' });
    await control('release_thread_control');
    expect(await status()).toBe(200);
  });

  it('cannot be passed to a name, nor be that of somebody unknown', async () => {
    expect((await control('pass_thread_control', { target_app_id: 'inbox' })).body).toMatchObject({
      error: { code: 100, error_subcode: 2018164 },
    });
    expect((await control('release_thread_control', { recipient: { id: '4' } })).body).toMatchObject({
      error: { code: 100, error_subcode: 2534014 },
    });
  });

  it('falls back to everybody when nobody wrote for a day', async () => {
    meta.world.state.threads.passTo(ada.id, '222');
    meta.world.state.set({ humanAgentApproved: true });
    await clock.advance(25 * hourMs);
    expect((await call(meta, '/me/messages', { ...toAda, tag: 'HUMAN_AGENT' })).status).toBe(200);
  });
});

describe('logging in', () => {
  it.each([
    ['facebook', '/v25.0/dialog/oauth', ''],
    ['instagram', '/oauth/authorize', '#_'],
  ] as const)('with %s comes back with a code and the state', async (login, path, end) => {
    const other = await start({ login });
    const back = 'https://gateway.example/back?x=1';
    const { id } = other.world.state.client;
    const query = new URLSearchParams({ client_id: id, redirect_uri: back, state: 's' });
    const { status, headers } = await fetch(`${other.url}${path}?${query.toString()}`, {
      redirect: 'manual',
    });
    expect(status).toBe(302);
    expect(headers.get('location')).toMatch(
      new RegExp(`^${back.replace('?', '\\?')}&code=AQ\\w+&state=s${end}$`),
    );
  });

  it('a Page token derived from a short-lived one ends with it', async () => {
    const person = meta.world.state.tokens.issueShortLived('user').value;
    const pages = await call(meta, '/me/accounts?fields=access_token', undefined, {
      authorization: `Bearer ${person}`,
    });
    const [{ access_token: token }] = pages.body.data as [{ access_token: string }];
    const asPage = { authorization: `Bearer ${token}` };
    expect((await call(meta, '/me/messages', toAda, asPage)).status).toBe(200);
    await clock.advance(hourMs);
    expect((await call(meta, '/me/messages', toAda, asPage)).body).toMatchObject({
      error: { code: 190, error_subcode: 463 },
    });
  });

  it('leaves no secret in the record of calls', async () => {
    const secrets = {
      client_secret: appSecret,
      fb_exchange_token: accessToken,
      code: 'CODE',
      input_token: 'T',
    };
    const query = new URLSearchParams({ client_id: appId, ...secrets }).toString();
    await call(meta, `/oauth/access_token?${query}`);
    expect(meta.calls).toHaveLength(1);
    expect(meta.calls[0]?.query).toEqual({ client_id: appId });
  });
});

it('several nodes at once by their ids, each of them a call', async () => {
  meta.world.state.set({ dailyUsers: 1 });
  const mid = meta.world.conversations.first()?.messages[0]?.id ?? '';
  const { body, headers } = await call(meta, `/?ids=${ada.id},${mid},${accountId},me`);
  expect(Object.keys(body)).toEqual([ada.id, mid, accountId, 'me']);
  expect(body[mid]).toMatchObject({ id: mid });
  expect(JSON.parse(headers.get('x-app-usage') ?? '')).toMatchObject({ call_count: 2 });
});

it('a form that is no JSON where an object belongs is refused', async () => {
  const response = await fetch(`${meta.url}/me/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: new URLSearchParams({ recipient: '{"id":', message: '{}' }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 100 } });
});

it('which account switched what does not show in another simulator', async () => {
  const other = await start();
  meta.world.state.set({ messageAccess: false });
  expect((await call(other, '/me/messages', toAda)).status).toBe(200);
});
