import { afterEach, describe, expect, it } from 'vitest';
import { escapeNonAscii, postWebhook, signBytes } from '../../../infra/meta-simulator/webhook-sender.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';

// From: printf '%s' '{"text":"\u00e4 \ud83c\udf89 </script>"}' | openssl dgst -sha256 -hmac test_app_secret
const bytes = '{"text":"\\u00e4 \\ud83c\\udf89 </script>"}';
const signature = 'sha256=2939a5c754eb4f7d8cc7f55b1966f445804a88d73d2528cf6a58725258ccf775';

let callback: CallbackServer | undefined;
afterEach(async () => {
  await callback?.close();
  callback = undefined;
});

describe('escapeNonAscii', () => {
  it('writes everything above ASCII as lowercase escapes, and leaves ASCII alone', () => {
    expect(escapeNonAscii('{"text":"ä 🎉 </script>"}')).toBe(bytes);
    expect(escapeNonAscii('"é\u2028\u007f\\u00E4/"')).toBe('"\\u00e9\\u2028\u007f\\u00E4/"');
  });

  it('keeps the value', () => {
    const text = 'שלום 👩‍👩‍👧‍👦 \u2028 \ud800';
    expect(JSON.parse(escapeNonAscii(JSON.stringify({ text })))).toEqual({ text });
  });
});

it('signs bytes as Meta does', () => {
  expect(signBytes(Buffer.from(bytes), 'test_app_secret')).toBe(signature);
});

describe('postWebhook', () => {
  it('posts the escaped bytes with the signature over them', async () => {
    callback = await startCallbackServer();
    const answer = await postWebhook(callback.url, '{"text":"ä 🎉 </script>"}', 'test_app_secret');
    const { body, headers } = await callback.next();
    expect(answer.status).toBe(200);
    expect(body.toString('latin1')).toBe(bytes);
    expect(headers['x-hub-signature-256']).toBe(signature);
    expect(headers['content-type']).toBe('application/json');
  });
});
