import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import { Conversations } from '../../../infra/meta-simulator/conversations.ts';
import { keepDelivered } from '../../../infra/meta-simulator/delivered-messages.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { accountId, startTestMeta, written } from './simulated-meta.ts';
import { fixture, midsOf } from './webhook-cases.ts';

const ada = '123456789';

describe('customers', () => {
  let meta: Meta;
  beforeEach(async () => {
    meta = await startTestMeta({ clock: createClock({ startMs: 1760000000000 }), seed: 'test' });
  });
  afterEach(() => meta.stop());

  it('change what Meta holds', () => {
    const { customers, world } = meta;
    const { id } = customers.write(ada, { text: 'helo', attachments: [{ type: 'image' }] });
    customers.edit(id, 'hello');
    customers.react(id, { reaction: 'like', emoji: '👍' });
    customers.react(id, { reaction: 'love', emoji: '❤️' });
    expect(world.conversations.message(id)).toMatchObject({
      text: 'hello',
      edits: 1,
      attachments: [{ type: 'image', payload: { url: expect.stringContaining('lookaside.fbsbx.com') } }],
      reactions: [{ fromBusiness: false, reaction: 'love', emoji: '❤️' }],
    });
    customers.react(id, undefined);
    expect(world.conversations.message(id)?.reactions).toEqual([]);
    customers.unsend(id);
    expect(world.conversations.message(id)).toBeUndefined();
  });

  it('open the reply window by a tap, and leave comments to be answered', () => {
    meta.customers.add({ id: '77', username: 'grace' });
    meta.customers.tap('77', { title: 'Prices', payload: 'PRICES' });
    expect(meta.world.conversations.withCustomer('77')?.lastWroteAtMs).toBe(1760000000000);
    const { id } = meta.customers.comment('77', { text: 'price?' });
    expect(meta.world.comments.find(id)).toMatchObject({
      from: { id: '77', username: 'grace' },
      text: 'price?',
    });
    expect(meta.customers.people().map(({ username }) => username)).toEqual(['ada', 'grace']);
  });

  it("cannot change others' messages, nor theirs more than five times", () => {
    const { customers, world } = meta;
    world.conversations.add({ id: ada, username: 'ada' }, { id: 'm_1', sentAtMs: 1, fromBusiness: true });
    expect(() => customers.edit('m_1', 'mine')).toThrow('The business wrote m_1');
    expect(() => customers.unsend('m_2')).toThrow('There is no message m_2');
    expect(() => customers.write('99', { text: 'hello' })).toThrow('There is no customer 99');
    const { id } = customers.write(ada, { text: '0' });
    for (let i = 1; i <= 5; i += 1) customers.edit(id, String(i));
    expect(() => customers.edit(id, '6')).toThrow('edited 5 times');
  });
});

describe('keepDelivered', () => {
  it('understands edits, reactions, attachments, replies and unsends', () => {
    const conversations = new Conversations(accountId);
    const keep = (name: string) => keepDelivered(conversations, fixture(name));
    keep('message-text');
    keep('edit');
    const [mid] = midsOf('message-text');
    expect(conversations.message(mid)).toMatchObject({ text: 'corrected text', edits: 1 });
    keep('message-attachments');
    expect(conversations.message(midsOf('message-attachments')[0])?.attachments).toHaveLength(2);
    keep('message-story-reply');
    expect(conversations.message(midsOf('message-story-reply')[0])?.replyToStory?.id).toBe(
      '17900000000000001',
    );
    keep('message-is-unsupported');
    expect(conversations.message(midsOf('message-is-unsupported')[0])?.isUnsupported).toBe(true);

    keep('echo-text');
    keep('reaction');
    const [echo] = midsOf('reaction');
    expect(conversations.message(echo)?.reactions).toEqual([
      { fromBusiness: false, reaction: 'love', emoji: '❤️' },
    ]);
    keep('unreact');
    expect(conversations.message(echo)?.reactions).toEqual([]);
    keep('message-unsend');
    expect(conversations.message(mid)).toBeUndefined();
  });
});

describe('what Meta holds', () => {
  it('is the newest 500 messages of a conversation; older ones read as deleted, as unsent ones do', () => {
    const conversations = new Conversations(accountId);
    for (let i = 0; i < 510; i += 1) keepDelivered(conversations, written('77', `m_${i}`, `text ${i}`, i));
    expect(conversations.withCustomer('77')?.messages).toHaveLength(500);
    expect(conversations.message('m_9')).toBeUndefined();
    expect(conversations.withMessage('m_9')?.customer.id).toBe('77');
  });

  it('is 25,000 messages in all, of those who wrote last', () => {
    const conversations = new Conversations(accountId);
    for (let i = 0; i < 60; i += 1) {
      for (let n = 0; n < 500; n += 1) {
        const message = { id: `m_${i}_${n}`, sentAtMs: i * 1000 + n, fromBusiness: false };
        conversations.add({ id: String(i), username: `customer_${i}` }, message);
      }
    }
    expect(conversations.list()).toHaveLength(50);
    expect(conversations.withCustomer('9')).toBeUndefined();
    expect(conversations.withMessage('m_9_0')).toBeUndefined();
    expect(conversations.withCustomer('10')?.messages).toHaveLength(500);
  });
});
