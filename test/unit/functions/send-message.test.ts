import { describe, expect, test } from 'vitest';
import { sendMessageRequest } from '../../../functions/send-message/request.ts';

const messages = (value: unknown) => {
  const result = sendMessageRequest.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ message }) => message);
};
const valid = { recipient_id: '123456789', message: 'Hello there!' };

test.each([
  ["the seed's body", valid],
  ['a reply', { ...valid, reply_to: 'mid.xxxxx' }],
  ['1000 bytes', { ...valid, message: 'å'.repeat(500) }],
  ['emoji and right-to-left text', { ...valid, message: 'שלום 👩‍👩‍👧' }],
])('%s is taken', (_what, body) => {
  expect(messages(body)).toEqual([]);
});

describe('each refusal names the field and the limit', () => {
  test.each([
    ['no recipient', { message: 'x' }, 'recipient_id is required.'],
    [
      'a number for an id',
      { ...valid, recipient_id: 123456789 },
      'recipient_id must be a string: put the id in quotes',
    ],
    ['a username for an id', { ...valid, recipient_id: '@ada' }, 'not a username'],
    ['no message', { recipient_id: '1' }, 'message is required.'],
    ['a blank message', { ...valid, message: ' \n\t ' }, 'message is blank'],
    ['an object for a message', { ...valid, message: {} }, 'message must be a string.'],
    [
      '501 × å',
      { ...valid, message: 'å'.repeat(501) },
      'message has 1002 bytes of UTF-8, and Instagram takes at most 1000',
    ],
    ['an empty reply_to', { ...valid, reply_to: '' }, 'reply_to is empty'],
    ['a number for reply_to', { ...valid, reply_to: 7 }, 'reply_to must be a string'],
    ['a misspelt field', { ...valid, replyTo: 'm1' }, 'Unknown field: replyTo'],
    ['a list', [valid], 'must be a JSON object'],
    ['null', null, 'must be a JSON object'],
  ])('%s', (_what, body, text) => {
    expect(messages(body).join(' ')).toContain(text);
  });

  test('all faults at once', () => {
    expect(messages({ recipient_id: 1, message: '' })).toHaveLength(2);
  });
});
