import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defaultReadings } from '../../../infra/meta-simulator/readings.ts';
import { defaultWebhookReadings } from '../../../infra/meta-simulator/webhook-readings.ts';
import { conformanceCase, play } from './conformance-case.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/meta');
const read = (name: string): unknown => JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8'));

const sections = z.record(z.string(), z.string()).parse(read('sections'));
const cases = [
  'graph-send',
  'graph-conversations',
  'graph-errors',
  'graph-tokens',
  'graph-permissions',
  'graph-accounts',
  'graph-subscriptions',
].flatMap((name) => z.array(conformanceCase).parse(read(name)));
const ofGraph = Object.entries(sections).filter(([number]) => !number.startsWith('2.'));

/** What Meta's pages say of each subject, as typed from them. */
describe.each(ofGraph)('%s %s', (number) => {
  const own = cases.filter(({ section }) => section === number);

  it('has a case', () => expect(own).not.toEqual([]));

  it.each(own.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { got, wanted } = await play(each);
    expect(got).toEqual(wanted);
  });
});

it('every open reading is switched in a case', () => {
  const switched = cases.flatMap(({ given }) =>
    given.flatMap((step) => ('readings' in step ? Object.keys(step.readings) : [])),
  );
  const own = Object.keys(defaultReadings).filter((name) => !(name in defaultWebhookReadings));
  expect(own.filter((name) => !switched.includes(name))).toEqual([]);
});

it('every case belongs to a section', () => {
  const numbers = ofGraph.map(([number]) => number);
  expect(cases.filter(({ section }) => !numbers.includes(section))).toEqual([]);
});
