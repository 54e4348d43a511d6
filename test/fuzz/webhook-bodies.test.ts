import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageKey, unaddressedKey } from '../../shared/conversations/table-keys.ts';
import { openEnvelope } from '../../shared/instagram/webhook-envelope.ts';
import { type InstagramEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { canonicalJson } from '../../shared/runtime/json.ts';

// Whatever a signed body holds, it is understood or kept: nothing throws, nothing is dropped, nothing grows.

const maxEventBytes = 64 * 1024;

const eventsOf = (body: unknown): InstagramEvent[] => {
  const envelope = openEnvelope(body);
  return envelope.kind === 'foreign' ? [] : envelope.items.map(parseDeliveredItem);
};

/** Fits the store: DynamoDB's keys have 2,048 and 1,024 bytes, our items 64 KB. */
function isBounded(event: InstagramEvent): boolean {
  const { pk, sk } =
    event.type === 'other'
      ? unaddressedKey(event.accountId, event.field, event.raw)
      : messageKey(event, event.messageId);
  if (event.type !== 'other' && Buffer.byteLength(canonicalJson(event)) > maxEventBytes) return false;
  return Buffer.byteLength(pk) <= 2048 && Buffer.byteLength(sk) <= 1024;
}

const key = fc.constantFrom(
  'sender',
  'recipient',
  'timestamp',
  'message',
  'mid',
  'text',
  'attachments',
  'type',
  'payload',
  'url',
  'id',
  'reply_to',
  'story',
  'is_echo',
  'is_deleted',
  'quick_reply',
  'referral',
  'from',
  'message_edit',
  'num_edit',
  'reaction',
  'action',
  'emoji',
  'read',
  'postback',
  'title',
  'optin',
  'pass_thread_control',
  '__proto__',
  'constructor',
);
const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('17841400000000001', '1234567890123456', 'm1', ''),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
/** JSON whose keys are those of a webhook, with anything where anything may stand. */
const { value: webhookLike } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
}));

test('any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(() => eventsOf(body)).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});

test('anything that looks like a messaging item becomes exactly one event of bounded size', () => {
  fc.assert(
    fc.property(fc.array(webhookLike, { maxLength: 3 }), (messaging) => {
      const events = eventsOf({ object: 'instagram', entry: [{ id: '17841400000000001', messaging }] });
      expect(events).toHaveLength(messaging.length);
      expect(events.filter((event) => !isBounded(event))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('the same item with its keys in another order is the same event', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, reversed(inner)]),
    );
  };
  fc.assert(
    fc.property(webhookLike, (item) => {
      const parse = (value: unknown) =>
        canonicalJson(parseDeliveredItem({ field: 'messages', standby: false, item: value }));
      expect(parse(reversed(item))).toBe(parse(item));
    }),
    { numRuns: 1_000 },
  );
});
