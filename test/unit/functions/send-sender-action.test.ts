import { describe, expect, test } from 'vitest';
import { senderActionRequest } from '../../../functions/send-sender-action/request.ts';
import { wireAction } from '../../../functions/send-sender-action/wire-action.ts';
import type { CustomerId } from '../../../shared/instagram/ids.ts';
import { faultsOf } from '../../../shared/runtime/http/field-faults.ts';

const faults = (value: unknown) => {
  const result = senderActionRequest.safeParse(value);
  return result.success ? [] : faultsOf(result.error, 'body');
};
const react = { recipient_id: '1', action: 'react', message_id: 'm1', reaction: '👍' };

describe('what is taken, and its form at Meta', () => {
  const recipient = { recipient: { id: '9' } };
  test.each([
    [{ action: 'typing_on' }, { sender_action: 'typing_on' }],
    [{ action: 'typing_off' }, { sender_action: 'typing_off' }],
    [{ action: 'mark_seen' }, { sender_action: 'mark_seen' }],
    [react, { sender_action: 'react', payload: { message_id: 'm1', reaction: '👍' } }],
    [
      { ...react, reaction: 'love' },
      { sender_action: 'react', payload: { message_id: 'm1', reaction: 'love' } },
    ],
    [
      { ...react, reaction: '❤️' },
      { sender_action: 'react', payload: { message_id: 'm1', reaction: 'love' } },
    ],
    [
      { action: 'unreact', message_id: 'm1' },
      { sender_action: 'unreact', payload: { message_id: 'm1' } },
    ],
  ])('%o', (body, expected) => {
    const request = senderActionRequest.parse({ recipient_id: '1', ...body });
    expect(wireAction(request, '9' as CustomerId)).toEqual({ ...recipient, ...expected });
  });

  test.each(['👍🏽', '👩‍👩‍👧', '🇸🇪', '1️⃣', '❤', '☺️', '🫠'])('any emoji: %s', (reaction) => {
    expect(faults({ ...react, reaction })).toEqual([]);
  });
});

test.each([
  ['no body', null, 'body', 'must be an object with recipient_id and action'],
  [
    'no action',
    { recipient_id: '1' },
    'action',
    'must be typing_on, typing_off, mark_seen, react or unreact',
  ],
  ['another action', { recipient_id: '1', action: 'wave' }, 'action', 'must be typing_on'],
  ['no recipient', { action: 'typing_on' }, 'recipient_id', 'is required'],
  ['a username', { action: 'typing_on', recipient_id: '@ada' }, 'recipient_id', 'not a username'],
  ['a member too many', { ...react, action: 'typing_on' }, 'body', 'unknown members: message_id, reaction'],
  ['no message', { recipient_id: '1', action: 'unreact' }, 'message_id', 'message_id is required'],
  ['no reaction', { ...react, reaction: undefined }, 'reaction', 'reaction is required'],
  ['a word', { ...react, reaction: 'like' }, 'reaction', 'must be one emoji, or love'],
  ['two emoji', { ...react, reaction: '👍👍' }, 'reaction', 'must be one emoji, or love'],
  [
    'an emoji with a hundred marks',
    { ...react, reaction: `👍${'\u0301'.repeat(100)}` },
    'reaction',
    'one emoji',
  ],
  ['half an emoji', { ...react, reaction: '\ud83d' }, 'reaction', 'must be one emoji, or love'],
  ['a digit', { ...react, reaction: '1' }, 'reaction', 'must be one emoji, or love'],
])('%s is refused', (_what, body, field, text) => {
  expect(faults(body).find((fault) => fault.field === field)?.message).toContain(text);
});
