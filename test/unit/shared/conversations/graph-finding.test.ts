import { describe, expect, test } from 'vitest';
import { isKnown, type QueuedFinding, toGraphEvent } from '../../../../shared/conversations/graph-finding.ts';
import { merge } from '../../../../shared/conversations/merge.ts';
import { stateOf } from '../../../../shared/conversations/message-state.ts';
import { type AddressedEvent, parseDeliveredItem } from '../../../../shared/instagram/webhook-events.ts';
import { accountId, customerId, messageItem } from '../../../builders/webhook.ts';

const sentAtMs = Date.UTC(2026, 0, 5, 10, 11, 12);
const readAtMs = sentAtMs + 60_000;

const found = (node: Record<string, unknown> = {}, finding: QueuedFinding['finding'] = 'message') =>
  toGraphEvent({
    v: 1,
    source: 'graph',
    account_id: accountId,
    customer_id: customerId,
    read_at: readAtMs,
    finding,
    node: { id: 'm1', created_time: '2026-01-05T10:11:12+0000', ...node },
  });

const fromCustomer = { from: { id: customerId, username: 'ada' }, message: 'hello' };

const webhook = (part: Record<string, unknown>, timestamp: number) =>
  stateOf(
    parseDeliveredItem({
      field: 'messages',
      standby: false,
      item: { ...messageItem({}, { timestamp }), message: undefined, ...part },
    }) as AddressedEvent,
  );

describe('a message that Graph tells', () => {
  test('has its sender, time and text', () => {
    expect(found(fromCustomer).state).toMatchObject({
      direction: 'in',
      via: ['graph'],
      sentAt: { atMs: sentAtMs, rank: 'graph' },
      text: { value: 'hello' },
      content: { value: { kind: 'text' }, rank: 'graph' },
    });
    expect(found({ from: { id: accountId } }).state.direction).toBe('out');
  });

  test.each([
    ['attachment', { attachments: { data: [{ image_data: { url: 'https://cdn.example/1' } }] } }],
    ['attachment', { shares: { data: [{ link: 'https://cdn.example/2' }] } }],
    ['story_mention', { story: { mention: { link: 'https://cdn.example/3', id: 's1' } } }],
    ['story_reply', { story: { reply_to: { link: 'https://cdn.example/4', id: 's1' } } }],
    ['unsupported', { is_unsupported: true }],
    ['unknown', { message: '' }],
  ])('%s', (kind, more) => {
    expect(found({ ...fromCustomer, ...more }).state.content?.value.kind).toBe(kind);
  });

  test('media are told apart by the member that they have', () => {
    const attachments = [
      { image_data: { url: 'u1' } },
      { video_data: { url: 'u2' } },
      { mime_type: 'audio/mp4', file_url: 'u3' },
      { mime_type: 'application/pdf', file_url: 'u4' },
      { hologram: 3 },
    ];
    const { content } = found({ ...fromCustomer, attachments: { data: attachments } }).state;
    expect(content?.value.attachments).toEqual([
      { type: 'image', url: 'u1' },
      { type: 'video', url: 'u2' },
      { type: 'audio', url: 'u3' },
      { type: 'file', url: 'u4' },
      { type: 'file', raw: { hologram: 3 } },
    ]);
  });

  test('its text beats an edit before the read, and yields to one after it', () => {
    const graph = found({ ...fromCustomer, message: 'as read' }).state;
    const edit = (atMs: number) =>
      webhook({ message_edit: { mid: 'm1', text: 'edited', num_edit: 1 } }, atMs);
    expect(merge(graph, edit(readAtMs - 1)).text?.value).toBe('as read');
    expect(merge(graph, edit(readAtMs + 1)).text?.value).toBe('edited');
  });
});

test('without a conversation or a message it cannot be stored', () => {
  expect(() => found({ id: '' })).toThrow(RangeError);
  expect(() => toGraphEvent({ ...queued, customer_id: 'a b' })).toThrow(RangeError);
});
const queued: QueuedFinding = {
  v: 1,
  source: 'graph',
  account_id: accountId,
  customer_id: customerId,
  read_at: readAtMs,
  finding: 'message',
  node: { id: 'm1' },
};

describe('what the store knows already is no finding', () => {
  const stored = webhook({ message: { mid: 'm1', text: 'hello' } }, sentAtMs);

  test('the same message', () => {
    expect(isKnown(stored, found(fromCustomer))).toBe(true);
    expect(isKnown(undefined, found(fromCustomer))).toBe(false);
  });

  test('another text, a new reaction, one that is gone', () => {
    const loved = { ...fromCustomer, reactions: { data: [{ reaction: '❤️', users: [{ id: customerId }] }] } };
    const none = { ...fromCustomer, reactions: { data: [] } };
    expect(isKnown(stored, found({ ...fromCustomer, message: 'hello!' }))).toBe(false);
    expect(isKnown(stored, found(loved))).toBe(false);
    expect(isKnown(stored, found(none))).toBe(true);
    const reacted = merge(
      stored,
      webhook({ reaction: { mid: 'm1', action: 'react', reaction: 'love', emoji: '❤️' } }, sentAtMs + 1),
    );
    expect(isKnown(reacted, found(loved))).toBe(true);
    expect(isKnown(reacted, found(none))).toBe(false);
  });

  test('a reaction or a placeholder is no message', () => {
    const reaction = webhook({ reaction: { mid: 'm1', action: 'react', reaction: 'love' } }, sentAtMs);
    expect(isKnown(reaction, found(fromCustomer))).toBe(false);
    const placeholder = found({}, 'unreadable').state;
    expect(isKnown(placeholder, found({}, 'unreadable'))).toBe(true);
    expect(isKnown(placeholder, found(fromCustomer))).toBe(false);
  });

  test('an unsent message stays unsent', () => {
    const unsent = webhook({ message: { mid: 'm1', is_deleted: true } }, sentAtMs);
    expect(isKnown(unsent, found(fromCustomer))).toBe(true);
  });

  test('that it is gone is told once, and taken back when it is listed again', () => {
    const absent = found({ created_time: undefined }, 'absent');
    expect(isKnown(stored, absent)).toBe(false);
    const gone = merge(stored, absent.state);
    expect(isKnown(gone, absent)).toBe(true);
    expect(isKnown(gone, found(fromCustomer))).toBe(false);
  });
});
