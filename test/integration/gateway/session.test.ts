import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { keyStore, newKey } from '../../../shared/runtime/keys.ts';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

async function signIn(key = gateway.apiKey): Promise<{ cookie: string; setCookie: string; body: unknown }> {
  const response = await fetch(`${gateway.url}/api/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  const setCookie = response.headers.getSetCookie()[0] ?? '';
  return { cookie: setCookie.split(';')[0] ?? '', setCookie, body: await response.json() };
}

const call = (path: string, cookie: string, init: RequestInit = {}) =>
  fetch(`${gateway.url}${path}`, { ...init, headers: { cookie, ...(init.headers as object) } });

describe('a session', () => {
  test('stands for the key it was opened with, until it ends', async () => {
    const { cookie, setCookie, body } = await signIn();
    expect(setCookie).toMatch(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(body).toMatchObject({ success: true, data: { name: 'first key', kind: 'human' } });
    expect((await call('/api/conversations', cookie)).status).toBe(200);
    expect(await (await call('/api/session', cookie)).json()).toMatchObject({ data: { name: 'first key' } });
    const ended = await call('/api/session', cookie, { method: 'DELETE' });
    expect(ended.headers.getSetCookie()[0]).toContain('Max-Age=0');
    const after = await call('/api/session', cookie);
    // Other functions may remember it for a minute.
    expect([200, 401]).toContain(after.status);
  });

  test('behind https its cookie is bound to this host', async () => {
    const response = await fetch(`${gateway.url}/api/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'x-forwarded-proto': 'https' },
    });
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-session=.*; Secure$/);
  });

  test('opens no other session', async () => {
    const { cookie } = await signIn();
    const response = await call('/api/session', cookie, { method: 'POST' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'missing_key' });
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this host', { 'sec-fetch-site': 'same-site' }],
    ['another origin, in an old browser', { origin: 'https://elsewhere.example' }],
    ['no origin', { origin: 'null' }],
  ])('is refused to a page of %s', async (_what, headers) => {
    const { cookie } = await signIn();
    const response = await call('/api/conversations', cookie, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'other_origin' });
  });

  test('that nobody opened is none', async () => {
    const response = await call('/api/conversations', `session=${'A'.repeat(43)}`);
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect(await response.json()).toMatchObject({ code: 'session_ended' });
  });

  test('of a revoked key has ended', async () => {
    const client = new DynamoDBClient(localClient(gateway.endpoints.dynamodb));
    const keys = keyStore(DynamoDBDocumentClient.from(client), gateway.tableName);
    const key = newKey();
    const { id } = await keys.put(key, { name: 'leaving', kind: 'human', roles: ['read'] });
    const { cookie } = await signIn(key);
    await keys.revoke(id);
    // No call with it came to this function before, so it remembers nothing.
    const response = await call('/api/status', cookie);
    expect(response.status).toBe(401);
    client.destroy();
  });
});

describe('saved replies', () => {
  const put = async (replies: unknown, version: unknown) => {
    const { status, body } = await gateway.api('/api/saved-replies', {
      ...jsonBody({ replies, version }),
      method: 'PUT',
    });
    return { status, body };
  };

  test('are kept in their order; who did not see the last change is told', async () => {
    expect((await gateway.api('/api/saved-replies')).body).toEqual({ success: true, data: [], version: 0 });
    const replies = [
      { title: 'Hours', text: 'Hi {name}, 9 to 18 🕘' },
      { title: 'مرحبا', text: 'أهلاً {name}' },
    ];
    const first = await put(replies, 0);
    expect(first).toMatchObject({ status: 200, body: { data: replies, version: 1 } });
    const saved = first.body.data as unknown as { id: string }[];
    expect(await put([saved[1]], 1)).toMatchObject({ status: 200, body: { data: [saved[1]], version: 2 } });
    expect(await put(replies, 1)).toMatchObject({ status: 409, body: { code: 'changed_meanwhile' } });
    expect((await gateway.api('/api/saved-replies')).body).toMatchObject({ data: [saved[1]], version: 2 });
  });

  test.each([
    ['no list', 'x', 2, 'replies must be a list.'],
    ['an empty title', [{ title: ' ', text: 'x' }], 2, 'title is empty.'],
    ['a long text', [{ title: 'x', text: 'é'.repeat(501) }], 2, 'text has 1002 bytes'],
    ['too many', Array.from({ length: 201 }, () => ({ title: 'x', text: 'x' })), 2, 'At most 200'],
    ['no version', [], undefined, 'version must be'],
    [
      'one id twice',
      [
        { id: 'a', title: 'x', text: 'x' },
        { id: 'a', title: 'y', text: 'y' },
      ],
      2,
      'same id',
    ],
  ])('400 for %s', async (_what, replies, version, message) => {
    const { status, body } = await put(replies, version);
    expect(status).toBe(400);
    expect(body.error).toContain(message);
  });
});

describe('the page', () => {
  test('comes with a strict policy, and what it names is kept for good', async () => {
    const page = await fetch(`${gateway.url}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const html = await page.text();
    expect(html).not.toMatch(/<script(?! type="module" src=)|<style|style=/);
    const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(assets).toHaveLength(2);
    for (const path of assets) {
      const asset = await fetch(`${gateway.url}${path}`, { headers: { 'accept-encoding': 'gzip, br' } });
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(asset.headers.get('content-encoding')).toBe('br');
      expect((await asset.text()).length).toBeGreaterThan(1000);
      const plain = await fetch(`${gateway.url}${path}`, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
    }
    const etag = page.headers.get('etag') ?? '';
    expect((await fetch(`${gateway.url}/`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test.each(['nothing.js', 'index.html', '..%2f..%2findex.mjs', 'main.js.br', '%00.js'])(
    'has no asset %s',
    async (name) => {
      expect((await fetch(`${gateway.url}/assets/${name}`)).status).toBe(404);
    },
  );
});
