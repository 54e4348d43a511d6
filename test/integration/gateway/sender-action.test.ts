import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstCustomer } from '../../../infra/meta-simulator/start-meta.ts';
import { type SendingGateway, startSendingGateway } from '../../builders/sending-gateway.ts';

const recipient_id = firstCustomer.id;

describe.each(['facebook', 'instagram'] as const)('with %s login', (login) => {
  let gateway: SendingGateway;
  let message_id: string;
  beforeAll(async () => {
    gateway = await startSendingGateway(login);
    message_id = (await gateway.stored())[0]?.id ?? '';
  });
  afterAll(() => gateway.stop());

  const act = (body: object) => gateway.post('/api/sender-action', { recipient_id, ...body });
  const thread = () => gateway.meta.world.state.threads.of(recipient_id);
  const reactionsAtMeta = () =>
    gateway.meta.world.conversations.message(message_id)?.reactions?.map(({ emoji }) => emoji) ?? [];
  const reactionsHere = async () =>
    (await gateway.stored())
      .find(({ id }) => id === message_id)
      ?.reactions?.map(({ by, emoji }) => [by, emoji]) ?? [];
  /** Meta's times are whole seconds: of two reactions within one the removal would win. */
  const nextSecond = () => new Promise((done) => setTimeout(done, 1000 - (Date.now() % 1000) + 50));

  test('shows typing, and that it was read', async () => {
    const answer = { status: 200, body: { success: true, data: { recipient_id } } };
    expect(await act({ action: 'typing_on' })).toEqual(answer);
    expect(thread().typingUntilMs).toBeGreaterThan(Date.now());
    expect(await act({ action: 'typing_off' })).toEqual(answer);
    expect(thread().typingUntilMs).toBeLessThanOrEqual(Date.now());
    expect(await act({ action: 'mark_seen' })).toEqual(answer);
    expect(thread().seenAtMs).toBeGreaterThan(0);
  });

  test('reacts, changes the reaction and takes it back, here as at Meta', async () => {
    expect((await act({ action: 'react', message_id, reaction: '👍' })).status).toBe(200);
    expect(reactionsAtMeta()).toEqual(['👍']);
    await expect.poll(reactionsHere).toEqual([['business', '👍']]);
    await nextSecond();
    expect((await act({ action: 'react', message_id, reaction: 'love' })).status).toBe(200);
    await expect.poll(reactionsHere).toEqual([['business', '❤️']]);
    await nextSecond();
    expect((await act({ action: 'unreact', message_id })).status).toBe(200);
    expect(reactionsAtMeta()).toEqual([]);
    await expect.poll(reactionsHere).toEqual([]);
  });

  test('a refusal is explained as that of a send is', async () => {
    expect(await act({ action: 'typing_on', recipient_id: '999' })).toMatchObject({
      status: 400,
      body: { code: 'unknown_recipient', details: { code: 100 } },
    });
    expect(await act({ action: 'react', message_id: 'none', reaction: 'love' })).toMatchObject({
      status: 400,
      body: { code: 'message_not_readable' },
    });
    gateway.meta.world.state.set({ messageAccess: false });
    expect(await act({ action: 'typing_on' })).toMatchObject({ body: { code: 'message_access_off' } });
    gateway.meta.world.state.set({ messageAccess: true });
  });

  test('where only love may be sent, a heart still is', () =>
    gateway.under({ reactionsOnFacebookLogin: 'love' }, async () => {
      expect((await act({ action: 'react', message_id, reaction: '❤️' })).status).toBe(200);
      const other = await act({ action: 'react', message_id, reaction: '👍' });
      expect(other.status).toBe(login === 'facebook' ? 400 : 200);
    }));

  test('typing that Instagram login does not take is said to be uncertain; reactions go on', () =>
    gateway.under({ senderActionsOnInstagramLogin: 'refused' }, async () => {
      const { status, body } = await act({ action: 'typing_on' });
      expect(status).toBe(login === 'instagram' ? 400 : 200);
      expect(body.error?.includes('do not agree') ?? false).toBe(login === 'instagram');
      expect((await act({ action: 'react', message_id, reaction: 'love' })).status).toBe(200);
    }));

  test('a malformed one is refused without asking Meta', async () => {
    gateway.forget();
    expect(await act({ action: 'react', message_id, reaction: 'like' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', details: { fields: [{ field: 'reaction' }] } },
    });
    expect(gateway.asked()).toEqual([]);
  });
});
