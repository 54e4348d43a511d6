import { expect, test } from 'vitest';
import { readEventSourceMapping, succeeded } from '../../../infra/local/event-source-mapping.ts';

const batch = [{ MessageId: 'a' }, { MessageId: 'b' }];
const failures = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

test.each([
  ['an empty list', failures()],
  ['no list', {}],
  ['a null list', { batchItemFailures: null }],
  ['nothing', null],
])('%s is success', (_, answer) => {
  expect(succeeded(batch, answer)).toEqual(batch);
});

test('what is named has failed, and nothing else', () => {
  expect(succeeded(batch, failures('a'))).toEqual([{ MessageId: 'b' }]);
});

test.each([
  ['a null id', failures('a', null)],
  ['an empty id', failures('')],
  ['an unknown id', failures('c')],
  ['a wrong key', { batchItemFailures: [{ itemId: 'a' }] }],
  ['a string', 'done'],
])('%s fails the whole batch', (_, answer) => {
  expect(succeeded(batch, answer)).toEqual([]);
});

test('what the host cannot do is refused', () => {
  const mapping = { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:q', FunctionName: 'f' };
  expect(readEventSourceMapping('Mapping', mapping)).toMatchObject({ BatchSize: 10, Enabled: true });
  expect(() => readEventSourceMapping('Mapping', { ...mapping, FilterCriteria: {} })).toThrow(
    'Mapping: FilterCriteria is not supported',
  );
});
