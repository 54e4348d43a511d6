import fc from 'fast-check';
import type { ConversationEvent } from '../../shared/conversations/conversation-event.ts';
import { type QueuedFinding, toGraphEvent } from '../../shared/conversations/graph-finding.ts';
import type { DeliveredItem } from '../../shared/instagram/webhook-envelope.ts';
import { parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { accountId, customerId } from './webhook.ts';

/** Something that the events queue carries: what Meta delivered, or what a read of Graph found. */
export type Carried =
  | { readonly source: 'webhook'; readonly delivered: DeliveredItem }
  | { readonly source: 'graph'; readonly finding: QueuedFinding };

const startMs = 1760000000000;
/** Few enough that events of a sample meet. */
const mid = fc.constantFrom('m1', 'm2', 'm3');
const time = fc.oneof(
  { weight: 8, arbitrary: fc.nat(5).map((n): number | string => startMs + n * 500) },
  { weight: 2, arbitrary: fc.constantFrom<number | string>('1760000001', 'never') },
);
const text = fc.constantFrom('first', 'second', 'ä😀', 'שלום', '');
const attachments = fc.constantFrom(
  undefined,
  [{ type: 'image', payload: { url: 'https://cdn.example/1' } }],
  [{ type: 'video', payload: { url: 'https://cdn.example/2' } }, { type: 'hologram' }],
);

type Part = Readonly<Record<string, unknown>>;

const message: fc.Arbitrary<Part> = fc
  .record({ mid, text, attachments, isEcho: fc.boolean(), replyTo: fc.option(mid) })
  .map(({ mid: id, text: told, attachments: media, isEcho, replyTo }) => ({
    message: {
      mid: id,
      text: told,
      ...(media && { attachments: media }),
      ...(isEcho && { is_echo: true }),
      ...(replyTo && { reply_to: { mid: replyTo } }),
    },
  }));
const unsend = fc.record({ mid, isEcho: fc.boolean() }).map(({ mid: id, isEcho }) => ({
  message: { mid: id, is_deleted: true, ...(isEcho && { is_echo: true }) },
}));
const edit = fc
  .record({ mid, text, num_edit: fc.constantFrom<number | string>(0, 1, 2, '2') })
  .map((told) => ({ message_edit: told }));
const reaction = fc
  .record({ mid, name: fc.constantFrom('love', 'laugh', undefined) })
  .map(({ mid: id, name }) => ({
    reaction: name ? { mid: id, action: 'react', reaction: name } : { mid: id, action: 'unreact' },
  }));
const seen = mid.map((id) => ({ read: { mid: id } }));
const postback = fc
  .option(mid)
  .map((id) => ({ postback: { ...(id && { mid: id }), title: 'Track order', payload: 'TRACK' } }));
const entry = fc.constantFrom<Part>(
  { referral: { ref: 'summer', type: 'OPEN_THREAD' } },
  { pass_thread_control: { new_owner_app_id: '222' } },
  { optin: { ref: 'r' } },
  { hologram: { depth: 3 } },
);

const delivered: fc.Arbitrary<Carried> = fc
  .record({
    part: fc.oneof<fc.MaybeWeightedArbitrary<Part>[]>(
      { weight: 5, arbitrary: message },
      unsend,
      { weight: 2, arbitrary: edit },
      { weight: 2, arbitrary: reaction },
      seen,
      postback,
      entry,
    ),
    timestamp: time,
    standby: fc.boolean(),
    entryTime: fc.constantFrom(1759999999, 1760000009),
  })
  .map(({ part, timestamp, standby, entryTime }) => {
    const isEcho = (part.message as Part | undefined)?.is_echo === true;
    const [from, to] = isEcho ? [accountId, customerId] : [customerId, accountId];
    return {
      source: 'webhook',
      delivered: {
        field: 'messages',
        standby,
        entryId: accountId,
        entryTime,
        item: { sender: { id: from }, recipient: { id: to }, timestamp, ...part },
      },
    };
  });

const found: fc.Arbitrary<Carried> = fc
  .record({
    id: mid,
    finding: fc.constantFrom('message', 'message', 'unreadable', 'absent', 'history_start'),
    message: text,
    fromBusiness: fc.boolean(),
    seconds: fc.nat(4),
    readAfter: fc.nat(4),
    reacted: fc.constantFrom(undefined, true, false),
  })
  .map(({ id, finding, message: told, fromBusiness, seconds, readAfter, reacted }) => ({
    source: 'graph',
    finding: {
      v: 1,
      source: 'graph',
      account_id: accountId,
      customer_id: customerId,
      read_at: startMs + readAfter * 1000,
      finding: finding as QueuedFinding['finding'],
      node: {
        id,
        created_time: `2025-10-09T08:53:2${seconds}+0000`,
        ...(finding === 'message' && {
          from: { id: fromBusiness ? accountId : customerId },
          message: told,
          ...(reacted !== undefined && {
            reactions: { data: reacted ? [{ reaction: '❤️', users: [{ id: customerId }] }] : [] },
          }),
        }),
      },
    },
  }));

/** Every kind of event of one conversation, about three messages within a few seconds. */
export const carriedEvent: fc.Arbitrary<Carried> = fc.oneof(
  { weight: 4, arbitrary: delivered },
  { weight: 1, arbitrary: found },
);

/** What the consumer understands it as. Throws when it names no conversation. */
export function eventOf(carried: Carried): ConversationEvent {
  if (carried.source === 'graph') return toGraphEvent(carried.finding);
  const event = parseDeliveredItem(carried.delivered);
  if (event.type === 'other') throw new Error('The builder made an event without a conversation');
  return event;
}

/**
 * The same events, each at least once and up to three times, in any order: what Meta and SQS may make of
 * them.
 */
export function deliveriesOf<T>(events: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...events, ...events]).chain((extra) =>
    fc
      .array(fc.nat(), { minLength: events.length + extra.length, maxLength: events.length + extra.length })
      .map((places) =>
        [...events, ...extra]
          .map((event, n) => ({ event, place: places[n] ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ event }) => event),
      ),
  );
}
