import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../../../../functions/inbox/page/thread/grouping.ts';
import { messageOf } from '../conversation-of.ts';

const berlin = { timeZone: 'Europe/Berlin' };
const said = (id: string, sent_at: string, more = {}) => messageOf(id, { sent_at, ...more });
const drawn = (messages: Parameters<typeof entriesOf>[0]) =>
  entriesOf(messages, berlin).map((entry) => {
    if (entry.type !== 'message') return `${entry.type} ${entry.key}`;
    return `${entry.isFirst ? '[' : ' '}${entry.key}${entry.isLast ? ']' : ' '}`;
  });

describe('a thread is drawn', () => {
  test('in groups of one side, close together', () => {
    expect(
      drawn([
        said('a', '2026-11-25T09:00:00Z'),
        said('b', '2026-11-25T09:04:00Z'),
        said('c', '2026-11-25T09:10:00Z'),
        said('d', '2026-11-25T09:10:10Z', { direction: 'out' }),
      ]),
    ).toEqual(['day day 2026-11-25', '[a ', ' b]', '[c]', '[d]']);
  });

  test('with a line where the day of the viewer begins', () => {
    const late = said('a', '2026-11-25T22:59:00Z');
    const next = said('b', '2026-11-25T23:01:00Z');
    expect(drawn([late, next])).toEqual(['day day 2026-11-25', '[a]', 'day day 2026-11-26', '[b]']);
  });

  test('two people of the business are two groups', () => {
    const by = (name: string) => ({ direction: 'out', sent_by: { name, kind: 'human', send_id: name } });
    expect(
      drawn([said('a', '2026-11-25T09:00:00Z', by('Jo')), said('b', '2026-11-25T09:00:01Z', by('Sam'))]),
    ).toEqual(['day day 2026-11-25', '[a]', '[b]']);
  });

  test('what happened stands between the groups', () => {
    expect(
      drawn([
        said('a', '2026-11-25T09:00:00Z'),
        said('e', '2026-11-25T09:00:01Z', { kind: 'handover' }),
        said('b', '2026-11-25T09:00:02Z'),
      ]),
    ).toEqual(['day day 2026-11-25', '[a]', 'event e', '[b]']);
  });
});
