import { globSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type PublishedEvent,
  publishedEvent,
  publishedTypes,
  toPublishedEvent,
} from '../../../shared/conversations/published-event.ts';
import { openEnvelope } from '../../../shared/instagram/webhook-envelope.ts';
import { parseDeliveredItem } from '../../../shared/instagram/webhook-events.ts';
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
  const prose = (section ?? own).replaceAll(/```json.*?```/gs, '').replaceAll(/`message\.\w+`/g, '');
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

  test('is published of a real delivery', () => {
    expect(published().map((event) => event.type)).toContain(type);
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
