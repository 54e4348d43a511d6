import { describe, expect, test } from 'vitest';
import { seedTroubles } from '../../../infra/operate/seed-troubles.ts';
import { troubleshooting } from '../../../infra/operate/troubleshooting.ts';
import {
  type FindingCode,
  type FindingEntry,
  findingCatalogue,
} from '../../../shared/account/finding-catalogue.ts';
import { anchorsOf, read } from './documents.ts';

const text = troubleshooting();
const codes = Object.keys(findingCatalogue) as FindingCode[];
const oneLine = (words: string) => words.replaceAll(/\s+/g, ' ');

test('docs/troubleshooting.md is what "npm run docs" writes', () => {
  expect(read('docs/troubleshooting.md')).toBe(text);
});

test('every finding has one section, found by its code', () => {
  const anchors = anchorsOf(text);
  for (const code of codes) expect(anchors.filter((anchor) => anchor === code)).toEqual([code]);
});

test.each(codes)('%s: what it is, what it means, what to do, how sure', (code) => {
  const { severity, isLikely, title, means, remedy }: FindingEntry = findingCatalogue[code];
  const section = oneLine(text.split(`### \`${code}\`\n`)[1]?.split('\n#')[0] ?? '');
  expect(section).toContain(`${title} (**${severity}${isLikely ? ', likely' : ''}**).`);
  expect(section).toContain(means);
  expect(section).toContain(remedy.replaceAll(/docs\/(\w+\.md)/g, '[$1]($1)'));
});

describe('the common errors', () => {
  /** Typed from the document that this project began with. */
  const headings = [
    '"Missing required environment variables"',
    '"Instagram API error"',
    '"OAuthException"',
    '"No conversations found" or empty messages',
    'Error #100: "not linked to an Instagram account" or "not professional account"',
    'Error #10: "sent outside of allowed window"',
  ];

  test('stand first, in their own words', () => {
    const found = [...text.matchAll(/^###? (.*)$/gm)].map(([, heading]) => heading);
    expect(found.slice(0, 7)).toEqual(['Common errors', ...headings]);
  });

  test('each leads to its findings', () => {
    for (const { heading, causes } of seedTroubles) {
      const section = text.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
      expect(causes.length).toBeGreaterThan(0);
      for (const code of causes) expect(section).toContain(`[\`${code}\`](#${code})`);
    }
  });
});

test('no line of prose begins with what markdown takes for something else', () => {
  expect(text.split('\n').filter((line) => /^\s*(>|\+|\d+[.)])/.test(line))).toEqual([]);
});
