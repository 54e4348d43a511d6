import { describe, expect, test } from 'vitest';
import { type MessageEvent, parseDeliveredItem } from '../../../../shared/instagram/webhook-events.ts';
import { accountId, customerId, echoItem, messageItem } from '../../../builders/webhook.ts';

const parse = (item: unknown, overrides = {}) =>
  parseDeliveredItem({ field: 'messages', standby: false, item, ...overrides });

describe('who is who', () => {
  test("a customer's message", () => {
    expect(parse(messageItem({ mid: 'm1', text: 'Do you ship to Oslo?' }))).toEqual({
      type: 'message',
      accountId,
      customerId,
      messageId: 'm1',
      direction: 'in',
      standby: false,
      time: { atMs: 1760000000123, rank: 'webhook_ms' },
      text: 'Do you ship to Oslo?',
      content: { kind: 'text' },
    });
  });

  test('an echo names the customer as the recipient', () => {
    expect(parse(echoItem({ mid: 'm15', text: 'On its way' }))).toMatchObject({
      type: 'message',
      accountId,
      customerId,
      direction: 'out',
    });
  });

  test("an echo's sender is never the customer, whatever else it holds", () => {
    for (const message of [
      { mid: 'm1', is_deleted: true },
      { mid: 'm1', attachments: [{ type: 'image' }] },
    ]) {
      expect(parse(echoItem(message))).toMatchObject({ accountId, customerId, direction: 'out' });
    }
    const edited = {
      ...echoItem({}),
      message: undefined,
      message_edit: { mid: 'm1', text: 'x', is_echo: true },
    };
    expect(parse(edited, { field: 'message_edit' })).toMatchObject({ type: 'edit', accountId, customerId });
  });

  test("the business's message to itself is addressed to an id of its own, and marked", () => {
    const own = '7700000000000001';
    const note = echoItem({ mid: 'm1', text: 'note', is_self: true }, { recipient: { id: own } });
    const expected = { accountId, customerId: own, content: { is_self: true } };
    expect(parse(note)).toMatchObject({ ...expected, direction: 'out' });
    const other = messageItem({ mid: 'm1', text: 'note', is_self: true }, { sender: { id: own } });
    expect(parse(other)).toMatchObject({ ...expected, direction: 'in' });
  });

  test.each([
    ['as in the note that this project began with', '1122050090040890'],
    ['of the dashboard', '12334'],
    ['as long as the account’s', '17841499999999999'],
  ])('a sender id %s is the customer as it stands, digit by digit', (_, id) => {
    const item = messageItem({ mid: 'm1', text: 'x' }, { sender: { id } });
    expect(parse(item, { entryId: '0' })).toMatchObject({ accountId, customerId: id, direction: 'in' });
  });

  test.each([
    ['messaging_postbacks', { postback: { mid: 'm1', title: 'Sizes', payload: 'SIZES' } }],
    ['message_reactions', { reaction: { mid: 'm1', action: 'react', reaction: 'love', emoji: '❤' } }],
    ['messaging_seen', { read: { mid: 'm1' } }],
    ['messaging_referral', { referral: { ref: 'x', source: 'IGME-LINK', type: 'OPEN_THREAD' } }],
    ['message_edit', { message_edit: { mid: 'm1', text: 'x', num_edit: 1 } }],
  ])('in %s the sender is the customer', (field, content) => {
    const item = { ...messageItem({}), message: undefined, ...content };
    // Meta's samples put a scoped id there.
    expect(parse(item, { field, entryId: customerId })).toMatchObject({ accountId, customerId });
  });

  test('the recipient is the account whatever entry.id says', () => {
    const item = messageItem({ mid: 'm1', text: 'x' });
    expect(parse(item, { entryId: '1234567890123456' })).toMatchObject({ accountId });
  });

  test('an unsend repeats the mid', () => {
    expect(parse(messageItem({ mid: 'm1', is_deleted: true }))).toMatchObject({
      type: 'unsend',
      messageId: 'm1',
      direction: 'in',
    });
  });

  test('ids that are numbers are taken only where they kept their digits', () => {
    const item = { ...messageItem({ mid: 'm1', text: 'x' }), sender: { id: 12334 } };
    expect(parse(item)).toMatchObject({ type: 'message', customerId: '12334' });
    const lossy = { ...item, sender: { id: Number(accountId) } };
    expect(parse(lossy)).toMatchObject({ type: 'other' });
  });
});

describe('times', () => {
  test.each([
    [1760000000123, 1760000000123, 'webhook_ms'],
    ['1760000000123', 1760000000123, 'webhook_ms'],
    ['1527459824', 1527459824000, 'webhook_seconds'],
    [1527459824, 1527459824000, 'webhook_seconds'],
  ])('%j', (timestamp, atMs, rank) => {
    expect(parse(messageItem({ mid: 'm1' }, { timestamp }))).toMatchObject({ time: { atMs, rank } });
  });

  test("without a time of its own the entry's is the lowest rank", () => {
    const item = messageItem({ mid: 'm1' }, { timestamp: 'yesterday' });
    expect(parse(item, { entryTime: 1754520281 })).toMatchObject({
      time: { atMs: 1754520281000, rank: 'entry' },
    });
  });

  test.each([[-1], [0], [1e300], [Number.MAX_SAFE_INTEGER], ['1e9'], [null], [{}]])(
    '%j is no time',
    (timestamp) => {
      expect(parse({ ...messageItem({ mid: 'm1' }), timestamp })).not.toHaveProperty('time');
    },
  );
});

describe('content', () => {
  test.each([
    ['text', { text: 'hi' }],
    ['attachment', { attachments: [{ type: 'image', payload: { url: 'https://cdn.example/1' } }] }],
    ['ephemeral', { attachments: [{ type: 'ephemeral' }] }],
    [
      'story_mention',
      { attachments: [{ type: 'story_mention', payload: { url: 'https://cdn.example/2' } }] },
    ],
    ['story_reply', { text: 'love it', reply_to: { story: { id: 's1', url: 'https://cdn.example/3' } } }],
    ['unsupported', { is_unsupported: true }],
    [
      'unsupported',
      { attachments: [{ type: 'unsupported_type', payload: { url: 'https://cdn.example/4' } }] },
    ],
    ['unknown', {}],
    ['unknown', { text: '' }],
    ['unknown', { hologram: { depth: 3 } }],
  ])('%s', (kind, message) => {
    expect(parse(messageItem({ mid: 'm1', ...message }))).toMatchObject({ content: { kind } });
  });

  test('keeps what it does not know, and no more, in raw', () => {
    const message = {
      mid: 'm1',
      text: 'hi',
      folder: 'inbox',
      hologram: { depth: 3 },
      attachments: [{ type: 'ig_post', payload: { url: 'u', title: 't', ig_post_media_id: '9' } }],
      reply_to: { mid: 'm0' },
      quick_reply: { payload: 'BLUE' },
      referral: { product: { id: '4' } },
    };
    expect(parse(messageItem(message))).toMatchObject({
      text: 'hi',
      content: {
        kind: 'attachment',
        attachments: [{ type: 'ig_post', url: 'u', title: 't', raw: { ig_post_media_id: '9' } }],
        reply_to: { mid: 'm0' },
        quick_reply: { payload: 'BLUE' },
        referral: { product: { id: '4' } },
        raw: { hologram: { depth: 3 } },
      },
    });
  });

  test.each([
    ['attachments', 'surprise'],
    ['reply_to', 7],
    ['quick_reply', []],
    ['referral', 'x'],
    ['text', { nested: true }],
  ])('%s of another type is kept raw', (key, value) => {
    const event = parse(messageItem({ mid: 'm1', [key]: value }));
    expect(event).toMatchObject({ content: { raw: { [key]: value } } });
  });

  test('stays under 64 KB whatever is delivered', () => {
    const huge = 'å"\\'.repeat(100_000);
    for (const message of [
      { mid: 'm'.repeat(512), text: huge },
      { mid: 'm1', attachments: [{ type: 'image', payload: { url: huge } }] },
      { mid: 'm1', hologram: huge, referral: { ref: 'x'.repeat(20_000) } },
      { mid: 'm1', attachments: Array.from({ length: 10_000 }, () => ({ type: 'image' })) },
    ]) {
      const event = parse(messageItem(message));
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(64 * 1024);
      expect(event).toMatchObject({ type: 'message' });
    }
  });

  test('a lone surrogate does not make the text unstorable', () => {
    const event = parse(messageItem({ mid: 'm1', text: 'a\ud83d' }));
    expect(event).toMatchObject({ text: 'a\ufffd' });
  });
});

describe('a message without a usable mid has an id of ours', () => {
  test.each([
    ['no mid', messageItem({ text: 'x' })],
    ['a mid that fits no key', messageItem({ mid: 'm'.repeat(2000) })],
    ['a mid that is no text', messageItem({ mid: 7 })],
  ])('%s', (_what, item) => {
    const event = parse(item);
    expect(event).toMatchObject({ type: 'message', direction: 'in', accountId, customerId });
    expect(event).toHaveProperty('messageId', expect.stringMatching(/^entry_messages_[\w-]{22}$/));
    expect(parse(item, { entryTime: 1760000000999 })).toHaveProperty(
      'messageId',
      (event as MessageEvent).messageId,
    );
  });
});

describe('everything else is kept and never an error', () => {
  test.each([
    ['an id that is no id', { ...messageItem({ mid: 'm1' }), sender: { id: 'a b#c' } }],
    ['no parties', { message: { mid: 'm1', text: 'x' } }],
    ['no object', 'surprise'],
    ['nothing', undefined],
  ])('%s', (_what, item) => {
    expect(parse(item)).toMatchObject({ type: 'other', raw: item });
  });

  test('in its conversation where both ids are known', () => {
    const item = { sender: { id: customerId }, recipient: { id: accountId }, hologram: { depth: 3 } };
    expect(parse(item)).toMatchObject({
      accountId,
      customerId,
      content: { kind: 'unknown_event', raw: { hologram: { depth: 3 } } },
    });
  });

  test('a comment belongs to the account of its entry and to its author', () => {
    const item = { id: '178700', from: { id: customerId, username: 'ada' }, text: 'price?' };
    expect(parse(item, { field: 'comments', entryId: accountId })).toMatchObject({
      messageId: 'entry_comments_178700',
      accountId,
      customerId,
      text: 'price?',
      content: { kind: 'comment', comment: { id: '178700', username: 'ada' } },
    });
  });
});

describe('a post shared while Meta sends both forms', () => {
  const share = { type: 'share', payload: { url: 'https://cdn.example/old' } };
  const post = { type: 'ig_post', payload: { url: 'https://cdn.example/new', ig_post_media_id: '9' } };
  const typesOf = (attachments: readonly unknown[]) => {
    const event = parse(messageItem({ mid: 'm1', attachments })) as MessageEvent;
    return event.content.attachments?.map(({ type }) => type);
  };

  test('is one attachment', () => {
    expect(typesOf([share, post])).toEqual(['ig_post']);
    expect(typesOf([post, share])).toEqual(['ig_post']);
    expect(typesOf([share, share, post])).toEqual(['share', 'ig_post']);
    expect(typesOf([share])).toEqual(['share']);
  });
});
