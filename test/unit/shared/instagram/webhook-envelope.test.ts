import { describe, expect, test } from 'vitest';
import { openEnvelope } from '../../../../shared/instagram/webhook-envelope.ts';

const item = { sender: { id: '1' }, recipient: { id: '2' }, message: { mid: 'm1', text: 'hello' } };
const entry = { id: '17841400000000001', time: 1760000000456 };
const common = { entryId: entry.id, entryTime: entry.time };

function items(body: unknown) {
  const envelope = openEnvelope(body);
  if (envelope.kind !== 'instagram') throw new Error(`foreign: ${envelope.object}`);
  return envelope.items;
}

describe('openEnvelope', () => {
  test('messaging[]', () => {
    expect(items({ object: 'instagram', entry: [{ ...entry, messaging: [item] }] })).toEqual([
      { ...common, field: 'messages', standby: false, item },
    ]);
  });

  test('standby[] beside messaging[]', () => {
    expect(items({ object: 'instagram', entry: [{ ...entry, messaging: [item], standby: [item] }] })).toEqual(
      [
        { ...common, field: 'messages', standby: false, item },
        { ...common, field: 'messages', standby: true, item },
      ],
    );
  });

  test('changes[]', () => {
    const changes = [
      { field: 'messages', value: item },
      { field: 'comments', value: { id: 'c1' } },
    ];
    expect(items({ object: 'instagram', entry: [{ ...entry, changes }] })).toEqual([
      { ...common, field: 'messages', standby: false, item },
      { ...common, field: 'comments', standby: false, item: { id: 'c1' } },
    ]);
  });

  test('field and value on the entry', () => {
    expect(
      items({ object: 'instagram', entry: [{ ...entry, field: 'comments', value: { id: 'c1' } }] }),
    ).toEqual([{ ...common, field: 'comments', standby: false, item: { id: 'c1' } }]);
  });

  test('the bare field and value of the dashboard', () => {
    expect(items({ field: 'messages', value: item })).toEqual([{ field: 'messages', standby: false, item }]);
  });

  test('each of them in an array', () => {
    expect(items([{ object: 'instagram', entry: [{ ...entry, messaging: [item] }] }])).toHaveLength(1);
    expect(items([{ field: 'messages', value: item }])).toHaveLength(1);
  });

  test('any number of entries and events', () => {
    const messaging = Array.from({ length: 500 }, () => item);
    expect(items({ object: 'instagram', entry: [{ messaging }, { messaging }] })).toHaveLength(1000);
  });

  test.each([
    ['reaction', 'message_reactions'],
    ['read', 'messaging_seen'],
    ['postback', 'messaging_postbacks'],
    ['take_thread_control', 'messaging_handover'],
    ['policy-enforcement', 'messaging_policy_enforcement'],
    ['something_new', 'unknown'],
  ])('an item with %s is of the field %s', (key, field) => {
    expect(items({ object: 'instagram', entry: [{ messaging: [{ [key]: {} }] }] })).toEqual([
      { field, standby: false, item: { [key]: {} } },
    ]);
  });

  test('an item with a prototype name as its key is of an unknown field', () => {
    const hostile = JSON.parse('{"__proto__":{"message":1},"constructor":{}}') as unknown;
    expect(items({ object: 'instagram', entry: [{ messaging: [hostile] }] })[0]?.field).toBe('unknown');
  });

  test.each([
    ['an entry of names only', { ...entry, changed_fields: ['messages'] }],
    ['an entry that is no object', 'surprise'],
    ['a change without a field', { ...entry, changes: ['surprise'] }],
  ])('keeps %s as a whole', (_what, odd) => {
    expect(items({ object: 'instagram', entry: [odd] })).toMatchObject([{ field: 'unknown' }]);
  });

  test('an entry with an empty list has no events', () => {
    expect(items({ object: 'instagram', entry: [{ ...entry, messaging: [] }] })).toEqual([]);
  });

  test('a body without entries is kept as a whole', () => {
    expect(items({ object: 'instagram' })).toEqual([
      { field: 'unknown', standby: false, item: { object: 'instagram' } },
    ]);
  });

  test.each([[{ object: 'page', entry: [] }], [{}], ['text'], [7], [null], [[{ object: 'user' }]]])(
    '%j is not ours',
    (body) => {
      expect(openEnvelope(body).kind).toBe('foreign');
    },
  );
});
