import { describe, expect, test } from 'vitest';
import { GraphError } from '../../../../shared/instagram/graph-errors.ts';
import { usageOf } from '../../../../shared/instagram/usage.ts';
import { slowedBy, throttleOf } from '../../../../shared/sending/throttle.ts';

const minuteMs = 60_000;
const refusal = (code: number, subcode?: number, regainMs = 0) =>
  new GraphError(
    400,
    { message: 'x', code, ...(subcode !== undefined && { error_subcode: subcode }) },
    { percent: 100, regainMs },
  );

describe('a refusal for a limit', () => {
  test.each([4, 17, 32, 613, 80001, 80002, 80006])('%i holds every kind of call', (code) => {
    expect(throttleOf(refusal(code))).toEqual({ which: 'all', holdMs: minuteMs });
  });
  test('as long as Meta says, up to an hour', () => {
    expect(throttleOf(refusal(80002, undefined, 19 * minuteMs))?.holdMs).toBe(19 * minuteMs);
    expect(throttleOf(refusal(80002, undefined, 300 * minuteMs))?.holdMs).toBe(60 * minuteMs);
  });
  test("of one API's own limit holds that API, for as long as a second's limit needs", () => {
    expect(throttleOf(refusal(613, 2534040, 19 * minuteMs))).toEqual({ which: 'one_api', holdMs: 5000 });
  });
  test.each([[100, undefined] as const, [10, 2534022] as const])('%i/%s is none', (code, subcode) => {
    expect(throttleOf(refusal(code, subcode))).toBeUndefined();
  });
});

describe('usage', () => {
  const app = (percent: number) => ({
    'x-app-usage': JSON.stringify({ call_count: percent, total_time: 1, total_cputime: 2 }),
  });
  const business = (type: string, percent: number, minutes: number) => ({
    'x-business-use-case-usage': JSON.stringify({
      '17841400000000001': [
        {
          type,
          call_count: 1,
          total_time: percent,
          total_cputime: 0,
          estimated_time_to_regain_access: minutes,
        },
      ],
    }),
  });
  test.each([
    ['nothing told', {}, 0, 0],
    ['of the app', app(28), 28, 0],
    ['of messaging, when that is more', { ...app(28), ...business('messenger', 95, 0) }, 95, 0],
    ['with a time', business('instagram', 100, 19), 100, 19 * minuteMs],
    ['of ads is none of ours', business('ads_insights', 100, 19), 0, 0],
    ['unreadable', { 'x-app-usage': '{', 'x-business-use-case-usage': '[]' }, 0, 0],
  ])('%s', (_, headers, percent, regainMs) => {
    expect(usageOf(headers)).toEqual({ percent, regainMs });
  });
  test('slows down more and more before Meta says no', () => {
    const waits = [0, 79, 80, 90, 95, 100].map((percent) => slowedBy({ percent, regainMs: 0 }));
    expect(waits).toEqual([0, 0, 250, 1000, 5000, minuteMs]);
    expect(slowedBy({ percent: 100, regainMs: 19 * minuteMs })).toBe(19 * minuteMs);
  });
});
