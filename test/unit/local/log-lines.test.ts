import { expect, test } from 'vitest';
import { functionLine } from '../../../infra/local/log-lines.ts';
import { messageLine, receivedMessage } from '../../../infra/local/message-lines.ts';

test.each([
  [
    '{"level":"INFO","message":"stored","timestamp":"t","service":"s","events":2}',
    'f INFO stored {"events":2}',
  ],
  ['{"level":"WARN","message":"late"}', 'f WARN late'],
  ['2026-01-01T00:00:00.000Z\tid\tERROR\tInvoke Error\t{"a":1}', 'f ERROR Invoke Error {"a":1}'],
  [
    '{"level":"INFO","message":"stored","events":2,"EventsStored":2,"_aws":{"Timestamp":1}}',
    'f INFO stored {"events":2}',
  ],
  [
    '{"message":"delivery queued","route":"POST /a","method":"POST","status":200,"duration_ms":3,"events":2}',
    'f INFO delivery queued {"events":2}',
  ],
  ['plain text', 'f plain text'],
  ['{not json', 'f {not json'],
  ['\u001b[31mred', 'f  [31mred'],
])('%s', (line, expected) => {
  expect(functionLine('f', line)).toBe(expected);
});

test.each(['{"message":"request","status":200}', ''])('not shown: %j', (line) => {
  expect(functionLine('f', line)).toBeUndefined();
});

test('only a stored incoming message has a line', () => {
  const event = {
    id: 'e',
    type: 'message.received',
    customer_id: '1',
    message_id: 'm',
    text_bytes: 3,
    attachments: 1,
    at: 5,
  };
  const message = receivedMessage(JSON.stringify(event));
  expect(message && messageLine(message)).toBe(
    "New message from 1: { messageId: 'm', textBytes: 3, attachments: 1, timestamp: 5 }",
  );
  expect(receivedMessage(JSON.stringify({ ...event, type: 'message.echoed' }))).toBeUndefined();
  expect(receivedMessage('no json')).toBeUndefined();
});
