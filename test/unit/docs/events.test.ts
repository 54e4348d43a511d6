import { globSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type PublishedEvent,
  publishedEvent,
  publishedTypes,
  toPublishedEvent,
  toSendUpdated,
} from '../../../shared/conversations/published-event.ts';
import type { AccountId, CustomerId, MessageId } from '../../../shared/instagram/ids.ts';
import { openEnvelope } from '../../../shared/instagram/webhook-envelope.ts';
import { parseDeliveredItem } from '../../../shared/instagram/webhook-events.ts';
import type { SendId, SendRow, SendState } from '../../../shared/sending/send-row.ts';
import { queuedSendUpdate, toQueuedSendUpdate } from '../../../shared/sending/send-update.ts';
import { queuedSend, toQueuedSends, toSendEvent } from '../../../shared/sending/sent-event.ts';
import { carriedEvent, eventOf } from '../../builders/conversation-events.ts';
import { read, root } from './documents.ts';

const page = read('docs/events.md');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', section]),
);

const exampleOf = (section: string) => JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? '') as unknown;
const shapeOf = (type: string) =>
  publishedEvent._zod.def.options.find(({ shape }) => shape.type._zod.def.values[0] === type)?.shape ?? {};

/** Members that the page tells of an event of this type: in the table of all, and in its own section. */
function documentedMembers(type: string): string[] {
  const [intro = ''] = page.split(/^## /m);
  const ofAll = [...intro.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
  const own = sections.get(type) ?? '';
  const section = /those of\s+`message\.received`/.test(own) ? sections.get('message.received') : own;
  const prose = (section ?? own).replaceAll(/```json.*?```/gs, '').replaceAll(/`(?:message|send)\.\w+`/g, '');
  const named = [...prose.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  return [...new Set([...ofAll, ...named.filter((name) => name in shapeOf(type))])];
}

/** Every event that Meta's deliveries of the fixtures make. */
function published(): PublishedEvent[] {
  return globSync('test/fixtures/webhooks/*.json', { cwd: root }).flatMap((path) => {
    const opened = openEnvelope(JSON.parse(read(path)));
    return (opened.kind === 'instagram' ? opened.items : []).flatMap((item) => {
      const event = parseDeliveredItem(item);
      return event.type === 'other' ? [] : (toPublishedEvent(event) ?? []);
    });
  });
}

test('docs/events.md has a section for each type, and no other', () => {
  expect([...sections.keys()]).toEqual(publishedTypes);
});

describe.each(publishedTypes)('%s', (type) => {
  test('its example is an event of that type, whole', () => {
    const example = exampleOf(sections.get(type) ?? '');
    expect(publishedEvent.parse(example)).toEqual(example);
    expect(example).toMatchObject({ type });
  });

  test('every member is documented', () => {
    expect(documentedMembers(type).toSorted()).toEqual(Object.keys(shapeOf(type)).toSorted());
  });
});

test.each(publishedTypes.filter((type) => type !== 'send.updated'))(
  '%s is published of a real delivery',
  (type) => {
    expect(published().map((event) => event.type)).toContain(type);
  },
);

describe('of a send', () => {
  const row = (state: SendState, customer?: CustomerId): SendRow => ({
    sendId: 'send' as SendId,
    bodyHash: 'hash',
    sentBy: { keyId: 'key', name: 'inbox', kind: 'human' },
    accountId: '17841400000000001' as AccountId,
    addressee: customer ? { customerId: customer } : { commentId: '1784' },
    parts: ['one', 'two'].map((text) => ({ kind: 'text', message: { text } })),
    sentParts: ['mid.1', 'mid.2'].map((mid) => ({
      messageId: mid as MessageId,
      recipientId: '9000000000000001',
      atMs: 1000,
    })),
    state,
    outcome: { atMs: 2000, isTold: state.name === 'sent' },
    acceptedAtMs: 0,
    deadlineMs: 60_000,
    isAsync: true,
    attempts: 1,
    isRecorded: false,
    revision: 3,
  });
  const failure = { status: 504, code: 'outcome_unknown', message: 'text of Meta' };

  test('that was sent its last message alone tells, also while its customer was not known', () => {
    const events = toQueuedSends(row({ name: 'sent' })).map((body) =>
      toPublishedEvent(toSendEvent(queuedSend.parse(body))),
    );
    expect(events).toEqual([
      undefined,
      expect.objectContaining({
        state: 'sent',
        message_id: 'mid.2',
        customer_id: '9000000000000001',
        at: 2000,
      }),
    ]);
    expect(publishedEvent.parse(events[1])).toEqual(events[1]);
  });

  test('between two of its messages nothing is told', () => {
    const halfway = { ...row({ name: 'accepted' }), sentParts: row({ name: 'sent' }).sentParts.slice(0, 1) };
    expect(toQueuedSends(halfway).map((body) => toPublishedEvent(toSendEvent(body)))).toEqual([undefined]);
    expect(toQueuedSendUpdate(halfway)).toBeUndefined();
  });

  test.each([undefined, '9000000000000001' as CustomerId])(
    'without success its row tells, once (%s)',
    (customer) => {
      const unknown = row({ name: 'unknown', sinceMs: 0, failure }, customer);
      const { v: _, source: __, ...ended } = queuedSendUpdate.parse(toQueuedSendUpdate(unknown));
      const event = toSendUpdated(ended);
      expect(publishedEvent.parse(event)).toEqual(event);
      expect(event).toMatchObject({ state: 'unknown', code: 'outcome_unknown', send_id: 'send' });
      expect('customer_id' in event).toBe(customer !== undefined);
      expect(JSON.stringify(event)).not.toContain('text of Meta');
      expect(toQueuedSendUpdate({ ...unknown, outcome: { atMs: 2000, isTold: true } })).toBeUndefined();
    },
  );

  test('each end has an id of its own, and the same end the same one', () => {
    const at = (state: 'failed' | 'unknown', atMs: number) =>
      toSendUpdated({ account_id: '1', send_id: 'send', state, code: 'x', at: atMs }).id;
    expect(at('failed', 1)).toBe(at('failed', 1));
    expect(new Set([at('failed', 1), at('failed', 2), at('unknown', 1)]).size).toBe(3);
  });
});

// Parsing drops what the schema does not know: equality shows that nothing else is published.
test('what is published of real deliveries is what is documented', () => {
  for (const event of published()) expect(publishedEvent.parse(event)).toEqual(event);
});

test('what is published of anything that the queue carries is what is documented', () => {
  fc.assert(
    fc.property(carriedEvent, (carried) => {
      const told = toPublishedEvent(eventOf(carried));
      expect(told && publishedEvent.parse(told)).toEqual(told);
    }),
  );
});
