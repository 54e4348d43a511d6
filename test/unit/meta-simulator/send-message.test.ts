import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accessToken, accountId, appSecret, call, startTestMeta, written } from './simulated-meta.ts';

const hourMs = 60 * 60 * 1000;
const toAda = { recipient: { id: '123456789' }, message: { text: 'Hello' } };

let meta: Meta;
let callback: CallbackServer;
beforeAll(async () => {
  callback = await startCallbackServer();
  meta = await startTestMeta({ callbackUrl: callback.url });
  await meta.deliver(written('23', 'm_23', 'an hour short of a day ago', Date.now() - 23 * hourMs));
  await meta.deliver(written('25', 'm_25', 'an hour more than a day ago', Date.now() - 25 * hourMs));
  for (let i = 0; i < 2; i += 1) await callback.next();
});
afterAll(async () => {
  await meta.stop();
  await callback.close();
});

describe('what is sent', () => {
  it.each(['/me/messages', '/v25.0/me/messages', `/${accountId}/messages`, `/v26.0/${accountId}/messages`])(
    'is taken at %s, answered with an opaque mid, and echoed with it',
    async (path) => {
      const { status, body } = await call(meta, path, toAda);
      expect(status).toBe(200);
      expect(body).toEqual({
        recipient_id: '123456789',
        message_id: expect.stringMatching(/^aWdfZAG1[A-Za-z0-9]{154}ZD$/),
      });
      expect(JSON.parse((await callback.next()).body.toString())).toMatchObject({
        object: 'instagram',
        entry: [
          {
            id: accountId,
            messaging: [
              {
                sender: { id: accountId },
                recipient: { id: '123456789' },
                message: { mid: body.message_id, text: 'Hello', is_echo: true },
              },
            ],
          },
        ],
      });
    },
  );

  it('quotes a message by the reply_to beside it', async () => {
    const { status } = await call(meta, '/me/messages', { ...toAda, reply_to: { mid: 'mid.xxxxx' } });
    expect(status).toBe(200);
    expect(JSON.parse((await callback.next()).body.toString())).toMatchObject({
      entry: [{ messaging: [{ message: { reply_to: { mid: 'mid.xxxxx' } } }] }],
    });
  });

  it('may have 1000 bytes of UTF-8', async () => {
    const { status } = await call(meta, '/me/messages', { ...toAda, message: { text: 'å'.repeat(500) } });
    expect(status).toBe(200);
    await callback.next();
  });

  it('reaches whoever wrote within 24 hours', async () => {
    const { status } = await call(meta, '/me/messages', { ...toAda, recipient: { id: '23' } });
    expect(status).toBe(200);
    await callback.next();
  });
});

describe('what is refused', () => {
  it.each([
    ['no recipient', { message: { text: 'Hello' } }, 100, undefined],
    ['a number for an id', { ...toAda, recipient: { id: 123456789 } }, 100, undefined],
    ['no message', { recipient: toAda.recipient }, 100, undefined],
    ['an empty text', { ...toAda, message: { text: ' ' } }, 100, undefined],
    ['1001 bytes', { ...toAda, message: { text: `${'å'.repeat(500)}a` } }, 100, undefined],
    [
      'reply_to inside the message',
      { ...toAda, message: { text: 'a', reply_to: { mid: 'm' } } },
      100,
      undefined,
    ],
    ['reply_to without a mid', { ...toAda, reply_to: { message_id: 'm' } }, 100, undefined],
    ['a body that is no object', '[]', 100, undefined],
    ['a body that is no JSON', '{"recipient"', 100, undefined],
    ['somebody who never wrote', { ...toAda, recipient: { id: '999' } }, 100, 2534014],
    ['the business itself', { ...toAda, recipient: { id: accountId } }, 100, 2534014],
    ['somebody who wrote 25 hours ago', { ...toAda, recipient: { id: '25' } }, 10, 2534022],
  ])('%s', async (_, sent, code, subcode) => {
    const { status, body } = await call(meta, '/me/messages', sent);
    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        message: expect.stringMatching(/^\(#\d+\) /),
        type: 'OAuthException',
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        is_transient: false,
        fbtrace_id: expect.stringMatching(/^A\w{10,}$/),
      },
    });
  });

  it.each([
    ['a path without a messages edge', '/v25.0/me/feed'],
    ['the messages of another account', '/v25.0/17841499999999999/messages'],
    ['a path that goes on', '/v25.0/me/messages/1'],
  ])('%s', async (_, path) => {
    const { status, body } = await call(meta, path, toAda);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 100, error_subcode: 33 } });
  });

  it('a body above 1 MiB', async () => {
    const { status, body } = await call(meta, '/me/messages', { ...toAda, padding: 'x'.repeat(1024 * 1024) });
    expect(status).toBe(413);
    expect(body).toMatchObject({ error: { code: 100 } });
  });
});

describe('the token', () => {
  const proof = createHmac('sha256', appSecret).update(accessToken).digest('hex');

  it.each([
    ['the query', `/me/messages?access_token=${accessToken}`, toAda],
    ['the body', '/me/messages', { ...toAda, access_token: accessToken }],
    ['the query, with its proof', `/me/messages?access_token=${accessToken}&appsecret_proof=${proof}`, toAda],
  ])('is taken from %s', async (_, path, sent) => {
    expect((await call(meta, path, sent, {})).status).toBe(200);
    await callback.next();
  });

  it.each([
    ['absent', {}],
    ['wrong', { authorization: 'Bearer ANOTHER' }],
  ])('is refused when it is %s', async (_, headers) => {
    const { status, body } = await call(meta, '/me/messages', toAda, headers);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { type: 'OAuthException', code: 190 } });
  });

  it('is refused with a wrong proof', async () => {
    const { status, body } = await call(meta, '/me/messages?appsecret_proof=00', toAda);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 100, message: expect.stringContaining('appsecret_proof') } });
  });

  it('is in no recorded call', () => {
    expect(meta.calls.length).toBeGreaterThan(20);
    expect(JSON.stringify(meta.calls)).not.toContain(accessToken);
    expect(JSON.stringify(meta.calls)).not.toContain(proof);
    expect(meta.calls[0]).toEqual({
      method: 'POST',
      path: '/me/messages',
      query: {},
      body: toAda,
      status: 200,
    });
  });
});
